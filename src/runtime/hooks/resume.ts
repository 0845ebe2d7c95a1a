import type { HooksInForce, Step } from '../registry.js';
import type { AnyAsyncGenerator, AsyncGenHandle, AsyncGenStepName } from '../types.js';
import { isThenable, noop } from './thenable.js';

/** Takes a step within the `resume` hooks, the first of them outermost. */
export function resumeStep(
  hooks: NonNullable<HooksInForce['resume']>,
  gen: AnyAsyncGenerator,
  handle: AsyncGenHandle,
  name: AsyncGenStepName,
  take: () => Step,
  at = 0,
): Step {
  if (at === hooks.length) return take();
  let inner: Step | undefined;
  let isOver = false;
  const step = (): Step => {
    if (inner !== undefined) throw misuse('called step() twice. Call it once.');
    if (isOver) throw misuse('called step() after it had returned. Call it before.');
    return (inner = resumeStep(hooks, gen, handle, name, take, at + 1));
  };
  let out: unknown;
  try {
    out = hooks[at]!(gen, step, name, handle);
  } catch (error) {
    handled(inner);
    throw error;
  }
  isOver = true;
  if (inner === undefined) {
    const missed = (): never => {
      throw misuse('returned without having called step(). Call it once, before returning.');
    };
    // An async hook that threw has an error of its own to tell.
    return isThenable(out) ? Promise.resolve(out).then(missed) : missed();
  }
  if (out === undefined || out === inner) return inner;
  const own = inner;
  handled(own);
  return Promise.resolve(out as Step).then((result) => result ?? own);
}

/** A hook that answers for the step by itself has taken over how the step went. */
function handled(step: Step | undefined): void {
  step?.catch(noop);
}

const misuse = (fact: string): Error =>
  Object.assign(new Error(`asyncgen-hooks/runtime: resume hook, it ${fact}`), {
    code: 'ERR_ASYNCGEN_RESUME',
  });
