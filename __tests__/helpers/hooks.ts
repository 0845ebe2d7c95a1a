import { setAsyncGenHooks, type AsyncGenHooks, type AsyncGenOutcome } from 'asyncgen-hooks';

export const NO_HOOKS: AsyncGenHooks = {
  firstiter: null,
  iter: null,
  finalizer: null,
  init: null,
  resume: null,
};

/** For `afterEach`: no test leaves hooks to the next. */
export const clearHooks = (): void => void setAsyncGenHooks(NO_HOOKS);

/** Sets a `finalizer`; what it is told fills the list. */
export function recordOutcomes(): AsyncGenOutcome[] {
  const seen: AsyncGenOutcome[] = [];
  setAsyncGenHooks({ finalizer: (_, outcome) => void seen.push(outcome) });
  return seen;
}
