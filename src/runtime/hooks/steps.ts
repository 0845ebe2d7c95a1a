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

/**
 * Shows what the body answered to the hooks. The answer is never the body's own promise: `resume`
 * hooks have seen that, and what they wait for would count as handled.
 */
function observe(observer: Observer, name: StepName, step: Step): Step {
  const { iter, finalizer } = observer.life.hooks;
  if (iter === null && finalizer === null) return step.then();
  if (name !== 'return') return step.then(observer.settled, observer.failed);
  return step.then((result) => settleResult(observer, name, result), observer.failed);
}

/**
 * A step inside the `resume` hooks. They may fail where the body does not, and answer late; either
 * way the step keeps its place behind those that were asked for before, and the end of the body
 * is seen. The place is taken before the hooks run: they, and the body, may ask for steps.
 */
function resumedStep(observer: Observer, name: StepName, value: unknown): Step {
  const { life } = observer;
  const before = life.newest;
  const place = new Place();
  life.newest = place;
  let ran: Step | undefined;
  let step: Step;
  try {
    step = runBody(observer, name, value, (body) => (ran = body));
  } catch (error) {
    step = Promise.reject(error);
  }
  const leave = (): void => {
    if (life.newest === place) life.newest = null;
    place.leave();
  };
  // The body itself keeps the order, until a hook answers for it.
  if (step === ran && before === null && !place.isAwaited) {
    leave();
    observer.last = step;
    return observe(observer, name, step);
  }
  const earlier = before?.left() ?? observer.last?.then(noop, noop);
  if (earlier !== undefined) {
    const early = step;
    early.catch(noop);
    step = earlier.then(() => early);
  }
  ran?.catch(noop);
  // Not what is observed here: that counts as handled, and an error that the program does not mind
  // has to end the process, as natively.
  return settleResumed(observer, name, step, ran).then(
    (result) => {
      leave();
      return result;
    },
    (error: unknown) => {
      leave();
      throw error;
    },
  );
}

function settleResumed(
  observer: Observer,
  name: StepName,
  step: Step,
  ran: Step | undefined,
): Step {
  const { life } = observer;
  if (life.hooks.iter === null && life.hooks.finalizer === null) return step;
  return step.then(
    (result) => settleResult(observer, name, result),
    (error: unknown) => {
      const rethrow = (): never => {
        throw error;
      };
      if (ran === undefined) return life.slow === null ? rethrow() : inTurn(life, rethrow);
      return ran.then(
        (result) =>
          inTurn(life, () => {
            // An item is lost here: no `iter` hook is to see it.
            if (result.done) show(observer, name, result);
            else if (name === 'return') life.closing = true;
            return rethrow();
          }),
        (failure: unknown) => {
          finish(observer, { type: 'failed', error: failure });
          return inTurn(life, rethrow);
        },
      );
    },
  );
}

whenDropped((life) => {
  if (!life.finished) finish(revive(life), { type: 'abandoned' });
});
