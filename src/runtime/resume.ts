import { stepBody, type Life, type State, type Step, type StepName } from './state.js';
import type { AnyAsyncGenerator } from './types.js';

/** Takes one step of the body, within the `resume` hooks where there are any: the first outermost. */
export function runBody(
  gen: AnyAsyncGenerator,
  state: State,
  life: Life,
  name: StepName,
  value: unknown,
  onRun?: (body: Step) => void,
): Step {
  const hooks = life.hooks.resume ?? [];
  const enter = (at: number): Step => {
    if (at === hooks.length) {
      const body = stepBody(state, name, value);
      onRun?.(body);
      return body;
    }
    let inner: Step | undefined;
    const out = hooks[at]!(gen, () => {
      if (inner !== undefined) throw misuse('called step() twice. Call it once.');
      return (inner = enter(at + 1));
    });
    if (inner === undefined) {
      throw misuse('returned without having called step(). Call it once, before returning.');
    }
    if (out === undefined || out === inner) return inner;
    const own = inner;
    return Promise.resolve(out as Step).then((result) => result ?? own);
  };
  return enter(0);
}

const misuse = (fact: string): Error =>
  Object.assign(new Error(`asyncgen-hooks/runtime: resume hook, it ${fact}`), {
    code: 'ERR_ASYNCGEN_RESUME',
  });
