import { AsyncLocalStorage } from 'node:async_hooks';

/** A test that runs. */
export interface Test {
  readonly isOver: boolean;
  /** The one that it is a subtest of, or the file. */
  readonly outer: Test | undefined;
  /** It may leave generators open. */
  allow(): void;
}

interface Current {
  readonly storage: AsyncLocalStorage<Test>;
  /** Where a runner calls no function of a test in a context of ours, and runs one test at a time. */
  only: Test | undefined;
}

const KEY = Symbol.for('asyncgen-hooks/test/1');
const host = globalThis as Record<symbol, Current | undefined>;

/** One for each realm: what a test imports may be another copy than what the runner loads. */
const current = (host[KEY] ??= { storage: new AsyncLocalStorage<Test>(), only: undefined });

/** The test that the program is in at this moment. */
export const getCurrentTest = (): Test | undefined => current.storage.getStore() ?? current.only;

/** Calls `fn` in the context of `test`: over `await`, timers and events. */
export const runInTest = <Args extends unknown[], Result>(
  test: Test,
  fn: (...args: Args) => Result,
  ...args: Args
): Result => current.storage.run(test, fn, ...args);

/** From now on all belongs to `test` that no context says otherwise of. */
export const setOnlyTest = (test: Test | undefined): void => {
  current.only = test;
};
