import type { LiveAsyncGen } from './entry.js';
import type { LiveOptions, TrackerShutdownOptions } from './options.js';
import type { AsyncGenScope } from './scope.js';
import type { ShutdownOptions } from './limits.js';
import type { ShutdownReport } from './shutdown.js';

/** Watches the async generators that begin while it is there, and owns those that no scope owns. */
export interface AsyncGenTracker extends Disposable, AsyncDisposable {
  /**
   * The generators that it owns, that began and have not ended, oldest first. With `created`, those
   * that were called and never iterated, too (the tracker has to be made with `created: true`). With
   * `scopes`, those that its scopes own, too.
   *
   * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown or wrong option.
   */
  live(options?: LiveOptions): LiveAsyncGen[];
  /**
   * Closes what it owns: signals first, then in rounds until nothing is left, generators born meanwhile
   * included, or the time is over. With `scopes`, what its scopes own, too. A second call while the
   * first is at work gives the same report.
   *
   * Rejects with a TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown option, or a limit that is
   * not a number above 0; nothing is closed then.
   *
   * Source: `asyncio.loop.shutdown_asyncgens`, Trio's `AsyncGenerators.finalize_remaining`.
   */
  shutdown(options?: TrackerShutdownOptions): Promise<ShutdownReport>;
  /**
   * Makes a scope: `await using scope = tracker.scope()`. It closes at its end what began in
   * `scope.run(fn)` or was given by `scope.own(gen)`, and enters no context by itself: two functions
   * that run at the same time would share it.
   *
   * @param limits of its end, as `shutdown` takes them.
   */
  scope(limits?: ShutdownOptions): AsyncGenScope;
  /**
   * Runs `fn` in a scope of its own, and closes that when `fn` has settled.
   *
   * @returns what `fn` returns; rejects as it does.
   */
  run<Result>(
    fn: (scope: AsyncGenScope) => Result,
    limits?: ShutdownOptions,
  ): Promise<Awaited<Result>>;
  /** Whether it or one of its scopes owns something that a shutdown has not tried to close yet. */
  readonly hasOpen: boolean;
  /**
   * Stops watching; closes nothing. Other trackers and hooks stay, and its scopes are there to their
   * end.
   */
  [Symbol.dispose](): void;
  /** Shuts down, then stops watching. */
  [Symbol.asyncDispose](): Promise<void>;
}
