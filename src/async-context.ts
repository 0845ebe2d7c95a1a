import { builtinModule } from './builtin.js';

/** `AsyncResource`: runs something in the async context of the moment when it was made. */
export interface AsyncContext {
  runInAsyncScope<Self, Args extends unknown[], Result>(
    fn: (this: Self, ...args: Args) => Result,
    self?: Self,
    ...args: Args
  ): Result;
}

interface AsyncHooks {
  readonly AsyncResource?: new (
    type: string,
    options: { requireManualDestroy: boolean },
  ) => AsyncContext;
}

const { process } = globalThis as { process?: { versions?: { node?: string } } };
const Resource = builtinModule<AsyncHooks>('node:async_hooks')?.AsyncResource;

export const hasAsyncContext = Resource !== undefined;

/** From Node 24 on an async context is a pointer; before, one costs as much as a short generator. */
export const isAsyncContextCheap =
  hasAsyncContext && Number.parseInt(process?.versions?.node ?? '0', 10) >= 24;

/** Nothing but `runInAsyncScope` is to be done with it, so nobody has to hear when it dies. */
const newContext = (): AsyncContext => new Resource!('ASYNCGEN', { requireManualDestroy: true });

const ofLoading = hasAsyncContext ? newContext() : undefined;

let captured = 0;

/**
 * Node ends the process if the stack overflows where a context is left, and V8 wants 40 kB of it to compile what
 * leaves one, also when it has dropped the code of what was not run for long. So that is run now and
 * then, where generators are called, and not first in the depth of a `yield*`.
 */
export function captureContext(): AsyncContext {
  if (captured++ % 8 === 0) ofLoading!.runInAsyncScope(() => {});
  return newContext();
}

/**
 * Calls `fn` in the async context in which the package was loaded: a timer that starts itself again and
 * again would hold for ever what the first request has put into its stores.
 */
export const outsideOfRequests = (fn: () => void): void =>
  ofLoading === undefined ? fn() : ofLoading.runInAsyncScope(fn);
