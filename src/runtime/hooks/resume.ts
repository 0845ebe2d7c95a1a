import type { Step, StepName } from '../registry.js';
import type { Observer } from './life.js';
import { isThenable } from './thenable.js';

/** Takes one step of the body, within the `resume` hooks where there are any: the first outermost. */
export function runBody(
  { gen, life }: Observer,
  name: StepName,
  value: unknown,
  onRun?: (body: Step) => void,
): Step {
  const hooks = life.hooks.resume ?? [];
  const enter = (at: number): Step => {
    if (at === hooks.length) {
      const body = life.record.step(life.body, name, value);
      onRun?.(body);
      return body;
    }
    let inner: Step | undefined;
    let isOver = false;
    const step = (): Step => {
      if (inner !== undefined) throw misuse('called step() twice. Call it once.');
      if (isOver) throw misuse('called step() after it had returned. Call it before.');
      return (inner = enter(at + 1));
    };
    let out: unknown;
    try {
      out = hooks[at]!(gen, step, name);
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
  };
  return enter(0);
}

/** A hook that answers for the step by itself has taken over how the step went. */
function handled(step: Step | undefined): void {
  step?.catch(() => {});
}

const misuse = (fact: string): Error =>
  Object.assign(new Error(`asyncgen-hooks/runtime: resume hook, it ${fact}`), {
    code: 'ERR_ASYNCGEN_RESUME',
  });
