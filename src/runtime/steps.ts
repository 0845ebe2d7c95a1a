import { unwatch } from './abandoned.js';
import { reportHookError } from './report.js';
import { runBody } from './resume.js';
import {
  stepBody,
  type Life,
  type State,
  type Step,
  type StepName,
  type StepResult,
} from './state.js';
import type { AnyAsyncGenerator, AsyncGenOutcome } from './types.js';

/** One call of `next`, `return` or `throw` on a generator that has a `Life`. */
export function hookedStep(
  gen: AnyAsyncGenerator,
  state: State,
  life: Life,
  name: StepName,
  value: unknown,
): Step {
  if (life.hooks.resume === null) {
    return observe(gen, state, life, name, stepBody(state, name, value));
  }
  const step = resumedStep(gen, state, life, name, value);
  const done = (): void => {
    if (life.newest === step) life.newest = null;
  };
  step.then(done, done);
  return (life.newest = step);
}

/** Shows what the body answered to the hooks. */
function observe(
  gen: AnyAsyncGenerator,
  state: State,
  life: Life,
  name: StepName,
  step: Step,
): Step {
  if (life.hooks.iter === null && life.hooks.finalizer === null) return step;
  return step.then(
    (result) => inOrder(life, () => settle(gen, state, life, name, result)),
    (error: unknown) => inOrder(life, () => fail(gen, state, life, error)),
  );
}

/**
 * Steps settle in the order in which they were asked for. Natively the body sees to it; while one
 * step waits for a slow `iter` hook, the later ones line up behind it.
 */
function inOrder<T>(life: Life, work: () => T | Promise<T>): T | Promise<T> {
  const out = life.slow === null ? work() : life.slow.then(work);
  if (!(out instanceof Promise)) return out;
  const slow = out.then(noop, noop);
  life.slow = slow;
  void slow.then(() => {
    if (life.slow === slow) life.slow = null;
  });
  return out;
}

function settle(
  gen: AnyAsyncGenerator,
  state: State,
  life: Life,
  name: StepName,
  result: StepResult,
): StepResult | Step {
  if (result.done) {
    const type = life.closing || name === 'return' ? 'closed' : 'exhausted';
    finish(gen, state, life, { type, value: result.value });
    return result;
  }
  if (life.aborted) return { value: undefined, done: true };
  if (name === 'return') life.closing = true;
  return life.hooks.iter === null ? result : pipe(gen, state, life, result, result.value, 0);
}

function fail(gen: AnyAsyncGenerator, state: State, life: Life, error: unknown): never {
  finish(gen, state, life, { type: 'failed', error });
  throw error;
}

/** Sends `value` through the `iter` hooks from the `at`th on. */
function pipe(
  gen: AnyAsyncGenerator,
  state: State,
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
          (late) => pipe(gen, state, life, result, late === undefined ? given : late, i + 1),
          (error: unknown) => abort(gen, state, life, error),
        );
      }
      if (out !== undefined) value = out;
    }
  } catch (error) {
    return abort(gen, state, life, error);
  }
  return value === result.value ? result : { value, done: false };
}

/**
 * An `iter` hook failed: `for await` does not close a generator whose step rejects, so the body
 * is closed here. Its `return()` queues behind the steps that were asked for before.
 */
async function abort(
  gen: AnyAsyncGenerator,
  state: State,
  life: Life,
  error: unknown,
): Promise<never> {
  try {
    const result = await runBody(gen, state, life, 'return', undefined);
    life.closing = true;
    life.aborted = result.done === true;
  } catch (failure) {
    life.aborted = true;
    reportHookError('iter', state.record.site, failure);
  }
  if (life.aborted) finish(gen, state, life, { type: 'failed', error });
  throw error;
}

/** Calls the `finalizer` hooks, the first time that it is called for a generator. */
export function finish(
  gen: AnyAsyncGenerator,
  state: State,
  life: Life,
  outcome: AsyncGenOutcome,
): void {
  if (life.finished) return;
  life.finished = true;
  unwatch(life);
  const { finalizer } = life.hooks;
  if (finalizer === null) return;
  const failed = (error: unknown): void => reportHookError('finalizer', state.record.site, error);
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
  state: State,
  life: Life,
  name: StepName,
  value: unknown,
): Step {
  const before = life.newest;
  let ran: Step | undefined;
  let step: Step;
  try {
    step = runBody(gen, state, life, name, value, (body) => (ran = body));
  } catch (error) {
    step = Promise.reject(error);
  }
  if (before !== null) {
    const inTurn = step;
    inTurn.catch(noop);
    step = before.then(
      () => inTurn,
      () => inTurn,
    );
  }
  ran?.catch(noop);
  if (life.hooks.iter === null && life.hooks.finalizer === null) return step;
  return step.then(
    (result) => inOrder(life, () => settle(gen, state, life, name, result)),
    (error: unknown) => {
      const rethrow = (): never => {
        throw error;
      };
      if (ran === undefined) rethrow();
      return ran!.then(
        (result) =>
          inOrder(life, () => (result.done && settle(gen, state, life, name, result), rethrow())),
        (failure: unknown) => {
          finish(gen, state, life, { type: 'failed', error: failure });
          return inOrder(life, rethrow);
        },
      );
    },
  );
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  value !== null &&
  (typeof value === 'object' || typeof value === 'function') &&
  typeof (value as { then?: unknown }).then === 'function';

const noop = (): void => {};
