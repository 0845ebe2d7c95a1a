import type { GeneratorState, Step, StepName, StepResult } from '../registry.js';
import { registry } from '../registry.js';
import type { AnyAsyncGenerator, AsyncGenOutcome } from '../types.js';
import { unwatch, watch, whenDropped } from './abandoned.js';
import { Life } from './life.js';
import { reportHookError } from './report.js';
import { runBody } from './resume.js';
import { isThenable } from './thenable.js';

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
  return state.life instanceof Life
    ? hookedStep(gen, state.life, name, value)
    : state.step(name, value);
}

/** The first step: reads the hooks that hold for this generator's life and calls `firstiter`. */
function begin(gen: AnyAsyncGenerator, state: GeneratorState): void {
  const hooks = registry.inForce!;
  if (hooks.iter === null && hooks.finalizer === null && hooks.resume === null) state.quiet();
  else state.life = new Life(state, hooks);
  if (hooks.finalizer !== null) watch(gen, state.life as Life);
  if (hooks.firstiter === null) return;
  const errors: unknown[] = [];
  for (const hook of hooks.firstiter) {
    try {
      hook(gen);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 0) return;
  for (const error of errors.slice(1)) reportHookError('firstiter', state, error);
  throw errors[0];
}

function hookedStep(gen: AnyAsyncGenerator, life: Life, name: StepName, value: unknown): Step {
  if (life.hooks.resume === null) return observe(gen, life, name, life.state.step(name, value));
  // The place in the order is taken before the hooks run: they, and the body, may ask for steps.
  const before = life.newest;
  let leave!: () => void;
  const place = new Promise<void>((resolve) => (leave = resolve));
  life.newest = place;
  const step = resumedStep(gen, life, name, value, before);
  const done = (): void => {
    if (life.newest === place) life.newest = null;
    leave();
  };
  // Not `step` itself: it would count as handled, and an error that the program does not mind has to
  // end the process, as natively.
  return step.then(
    (result) => {
      done();
      return result;
    },
    (error: unknown) => {
      done();
      throw error;
    },
  );
}

/** Shows what the body answered to the hooks. */
function observe(gen: AnyAsyncGenerator, life: Life, name: StepName, step: Step): Step {
  if (life.hooks.iter === null && life.hooks.finalizer === null) return step;
  return step.then(
    (result) =>
      life.slow === null
        ? atOnce(life, settle(gen, life, name, result))
        : inTurn(life, () => settle(gen, life, name, result)),
    (error: unknown) =>
      life.slow === null ? fail(gen, life, error) : inTurn(life, () => fail(gen, life, error)),
  );
}

/** A step that settled at once or, if an `iter` hook is slow, holds up those behind it. */
const atOnce = <T>(life: Life, out: T | Promise<T>): T | Promise<T> =>
  out instanceof Promise ? holdUp(life, out) : out;

/**
 * Steps settle in the order in which they were asked for. Natively the body sees to it; while one
 * step waits for a slow `iter` hook, the later ones line up behind it.
 */
const inTurn = <T>(life: Life, work: () => T | Promise<T>): Promise<T> =>
  holdUp(life, life.slow === null ? Promise.resolve().then(work) : life.slow.then(work));

/** Lets the steps that settle from now on wait for `step`. */
function holdUp<T>(life: Life, step: Promise<T>): Promise<T> {
  const slow = step.then(noop, noop);
  life.slow = slow;
  void slow.then(() => {
    if (life.slow === slow) life.slow = null;
  });
  return step;
}

function settle(
  gen: AnyAsyncGenerator,
  life: Life,
  name: StepName,
  result: StepResult,
): StepResult | Step {
  if (result.done) {
    const type = life.closing || name === 'return' ? 'closed' : 'exhausted';
    finish(gen, life, { type, value: result.value });
    return result;
  }
  if (life.aborted) return { value: undefined, done: true };
  if (name === 'return') life.closing = true;
  return life.hooks.iter === null ? result : pipe(gen, life, result, result.value, 0);
}

function fail(gen: AnyAsyncGenerator, life: Life, error: unknown): never {
  finish(gen, life, { type: 'failed', error });
  throw error;
}

/** Sends `value` through the `iter` hooks from the `at`th on. */
function pipe(
  gen: AnyAsyncGenerator,
  life: Life,
  result: StepResult,
  value: unknown,
  at: number,
): StepResult | Step {
  const hooks = life.hooks.iter!;
  try {
    for (let i = at; i < hooks.length; i++) {
      const given = value;
      const out = hooks[i]!(gen, given);
      if (isThenable(out)) {
        return Promise.resolve(out).then(
          (late) => pipe(gen, life, result, late === undefined ? given : late, i + 1),
          (error: unknown) => abort(gen, life, error),
        );
      }
      if (out !== undefined) value = out;
    }
  } catch (error) {
    return abort(gen, life, error);
  }
  return value === result.value ? result : { value, done: false };
}

/**
 * An `iter` hook failed: `for await` does not close a generator whose step rejects, so the body
 * is closed here. Its `return()` queues behind the steps that were asked for before.
 */
async function abort(gen: AnyAsyncGenerator, life: Life, error: unknown): Promise<never> {
  try {
    const result = await runBody(gen, life, 'return', undefined);
    life.closing = true;
    life.aborted = result.done === true;
  } catch (failure) {
    life.aborted = true;
    reportHookError('iter', life.state, failure);
  }
  if (life.aborted) finish(gen, life, { type: 'failed', error });
  throw error;
}

/** Calls the `finalizer` hooks, the first time that it is called for a generator. */
export function finish(gen: AnyAsyncGenerator, life: Life, outcome: AsyncGenOutcome): void {
  if (life.finished) return;
  life.finished = true;
  unwatch(life);
  const { finalizer } = life.hooks;
  if (finalizer === null) return;
  const failed = (error: unknown): void => reportHookError('finalizer', life.state, error);
  for (const hook of finalizer) {
    try {
      const out = hook(gen, outcome);
      if (isThenable(out)) Promise.resolve(out).catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}

/**
 * A step inside the `resume` hooks. They may fail where the body does not, and answer late; either
 * way the step keeps its place behind those that were asked for before, and the end of the body
 * is seen.
 */
function resumedStep(
  gen: AnyAsyncGenerator,
  life: Life,
  name: StepName,
  value: unknown,
  before: Promise<unknown> | null,
): Step {
  let ran: Step | undefined;
  let step: Step;
  try {
    step = runBody(gen, life, name, value, (body) => (ran = body));
  } catch (error) {
    step = Promise.reject(error);
  }
  if (before !== null) {
    const early = step;
    early.catch(noop);
    step = before.then(() => early);
  }
  ran?.catch(noop);
  if (life.hooks.iter === null && life.hooks.finalizer === null) return step;
  return step.then(
    (result) =>
      life.slow === null
        ? atOnce(life, settle(gen, life, name, result))
        : inTurn(life, () => settle(gen, life, name, result)),
    (error: unknown) => {
      const rethrow = (): never => {
        throw error;
      };
      if (ran === undefined) rethrow();
      return ran!.then(
        (result) => inTurn(life, () => (result.done && settle(gen, life, name, result), rethrow())),
        (failure: unknown) => {
          finish(gen, life, { type: 'failed', error: failure });
          return inTurn(life, rethrow);
        },
      );
    },
  );
}

const noop = (): void => {};

// Another generator over the same state: what it does is the life of the first, continued.
whenDropped((life) => {
  if (!life.finished) finish(life.state.revive(), life, { type: 'abandoned' });
});
