import { registry, type GeneratorState, type Step, type StepName } from '../registry.js';
import type { AnyAsyncGenerator } from '../types.js';
import { watch, whenDropped } from './abandoned.js';
import { Life, Observer, revive } from './life.js';
import { Place } from './place.js';
import { reportHookError } from './report.js';
import { runBody } from './resume.js';
import { finish, inTurn, noop, settleResult, show } from './settle.js';

/** One call of `next`, `return` or `throw` on a generator whose first step met hooks. */
export function step(
  gen: AnyAsyncGenerator,
  state: GeneratorState,
  name: StepName,
  value: unknown,
): Step {
  if (state.life === undefined) {
    try {
      begin(gen, state);
    } catch (error) {
      return Promise.reject(error);
    }
  }
  const { life: observer } = state;
  if (!(observer instanceof Observer)) return state.record.step(state.body, name, value);
  const { life } = observer;
  if (life.hooks.resume !== null) return resumedStep(observer, name, value);
  return observe(observer, name, life.record.step(life.body, name, value));
}

/** The first step: reads the hooks that hold for this generator's life and calls `firstiter`. */
function begin(gen: AnyAsyncGenerator, state: GeneratorState): void {
  const hooks = registry.inForce!;
  const { body, record } = state;
  if (hooks.iter === null && hooks.finalizer === null && hooks.resume === null) {
    state.life = record.native && null;
  } else {
    const life = new Life(body, record, hooks);
    const observer = new Observer(life);
    observer.gen = gen;
    state.life = observer;
    if (hooks.finalizer !== null) watch(gen, life);
  }
  if (hooks.firstiter === null) return;
  let errors: unknown[] | undefined;
  for (const hook of hooks.firstiter) {
    try {
      hook(gen);
    } catch (error) {
      (errors ??= []).push(error);
    }
  }
  if (errors === undefined) return;
  for (const error of errors.slice(1)) reportHookError('firstiter', record, error);
  throw errors[0];
}

