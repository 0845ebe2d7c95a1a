import { AsyncLocalStorage } from 'node:async_hooks';

/** A test that runs. */
export interface Test {
  readonly isOver: boolean;
  /** The one that it is a subtest of, or the file. */
  readonly outer: Test | undefined;
  /** It may leave generators open. */
  allow(): void;
}

const KEY = Symbol.for('asyncgen-hooks/test/1');
const host = globalThis as Record<symbol, AsyncLocalStorage<Test> | undefined>;

/** One for each realm: what a test imports may be another copy than what the runner loads. */
export const currentTest: AsyncLocalStorage<Test> = (host[KEY] ??= new AsyncLocalStorage<Test>());
