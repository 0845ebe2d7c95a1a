import type { Step, StepName, StepResult } from '../registry.js';
import type { AsyncGenOutcome } from '../types.js';
import { unwatch } from './abandoned.js';
import type { Life, Observer } from './life.js';
import { reportHookError } from './report.js';
import { runBody } from './resume.js';
import { isThenable } from './thenable.js';

// What runs for each item makes no closure, and so no context for one, where nothing is slow: that
// alone costs a tenth of a native step.

/** Shows to the hooks what the body answered; the answer is for the program. */
export function settleResult(
  observer: Observer,
  name: StepName,
  result: StepResult,
): StepResult | Step {
  const { life } = observer;
  if (life.slow !== null) return showInTurn(observer, name, result);
  const out = show(observer, name, result);
  // Not `instanceof`: the program may have put another Promise in the place of the native one. Not
  // `in`: it may have put a `done` on Object.prototype.
  return out === result || Object.hasOwn(out, 'done')
    ? (out as StepResult)
    : holdUp(life, out as Step);
}

const showInTurn = (observer: Observer, name: StepName, result: StepResult): Step =>
  inTurn(observer.life, () => show(observer, name, result));

/** The body failed. */
export function settleError(observer: Observer, error: unknown): Promise<never> {
  const fail = (): never => {
    finish(observer, { type: 'failed', error });
    throw error;
  };
  return observer.life.slow === null ? fail() : inTurn(observer.life, fail);
}

/**
 * Steps settle in the order in which they were asked for. Natively the body sees to it; while one
 * step waits for a slow `iter` hook, the later ones line up behind it.
 */
export const inTurn = <T>(life: Life, work: () => T | Promise<T>): Promise<T> =>
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

export function show(observer: Observer, name: StepName, result: StepResult): StepResult | Step {
  const { life } = observer;
  if (result.done) {
    const type = life.closing || name === 'return' ? 'closed' : 'exhausted';
    finish(observer, { type, value: result.value });
    return result;
  }
  if (life.aborted) return { value: undefined, done: true };
  if (name === 'return') life.closing = true;
  return life.hooks.iter === null ? result : pipe(observer, result, result.value, 0);
}

/** Sends `value` through the `iter` hooks from the `at`th on. */
function pipe(
  observer: Observer,
  result: StepResult,
  value: unknown,
  at: number,
): StepResult | Step {
  const hooks = observer.life.hooks.iter!;
  try {
    for (let i = at; i < hooks.length; i++) {
      const out = hooks[i]!(observer.gen, value);
      if (isThenable(out)) return pipeLate(observer, result, value, i, out);
      if (out !== undefined) value = out;
    }
  } catch (error) {
    return abort(observer, error);
  }
  return value === result.value ? result : { value, done: false };
}

const pipeLate = (
  observer: Observer,
  result: StepResult,
  value: unknown,
  at: number,
  out: PromiseLike<unknown>,
): Step =>
  Promise.resolve(out).then(
    (late) => pipe(observer, result, late === undefined ? value : late, at + 1),
    (error: unknown) => abort(observer, error),
  );

/**
 * An `iter` hook failed: `for await` does not close a generator whose step rejects, so the body
 * is closed here, whatever the `resume` hooks make of it. Its `return()` queues behind the steps
 * that were asked for before.
 */
async function abort(observer: Observer, error: unknown): Promise<never> {
  const { life } = observer;
  const report = (failure: unknown): void => reportHookError('iter', life.record, failure);
  let body: Step | undefined;
  try {
    await runBody(observer, 'return', undefined, (step) => (body = step));
  } catch (failure) {
    report(failure);
  }
  const closed = body ?? life.record.step(life.body, 'return', undefined).catch(report);
  life.aborted = await closed.then(
    (result) => result?.done !== false,
    () => true,
  );
  life.closing = true;
  if (life.aborted) finish(observer, { type: 'failed', error });
  throw error;
}

/** Calls the `finalizer` hooks, the first time that it is called for a generator. */
export function finish({ gen, life }: Observer, outcome: AsyncGenOutcome): void {
  if (life.finished) return;
  life.finished = true;
  unwatch(life);
  const { finalizer } = life.hooks;
  if (finalizer === null) return;
  for (const hook of finalizer) {
    try {
      const out = hook(gen, outcome);
      if (isThenable(out)) void reportRejection(life, out);
    } catch (error) {
      reportHookError('finalizer', life.record, error);
    }
  }
}

async function reportRejection({ record }: Life, out: PromiseLike<unknown>): Promise<void> {
  try {
    await out;
  } catch (error) {
    reportHookError('finalizer', record, error);
  }
}

export const noop = (): void => {};
