import { ASYNC_DISPOSE } from '../dispose.js';
import { show } from '../messages.js';
import type { LiveAsyncGen } from './entry.js';
import { checkLimits, type ShutdownOptions } from './limits.js';
import { OpenGenerators } from './open.js';
import {
  assign,
  currentOwner,
  openOwner,
  runIn,
  runInIfAny,
  scopeError,
  type Owner,
} from './ownership.js';
import type { ShutdownReport } from './shutdown.js';

/**
 * Owns the generators that begin inside, closes them at its end, and never touches another one.
 *
 * | generators that                        | belong to                                                   |
 * |----------------------------------------|-------------------------------------------------------------|
 * | begin in `run(fn)`                     | the scope; what `fn` begins later, in callbacks, as well    |
 * | begin in a scope inside                | that one alone, to the end: nothing passes to this one      |
 * | are given by `own(gen)`                | the scope, whoever owned them before                        |
 * | are let go by `release(gen)`           | the tracker                                                 |
 * | begin while it closes                  | the scope: they are closed in the next round                |
 * | begin inside after its end             | the nearest scope around it that is open, else the tracker  |
 */
export interface AsyncGenScope extends AsyncDisposable {
  /**
   * Runs `fn` inside: over `await`, timers, streams and events, as `AsyncLocalStorage` does.
   *
   * @returns what `fn` returns.
   * @throws Error, code `ERR_ASYNCGEN_SCOPE`, after its end, or where the host has no
   *   `AsyncLocalStorage`.
   */
  run<Result>(fn: () => Result): Result;
  /**
   * Makes `gen` its own, whoever owned it before, and whether it has begun or not.
   *
   * @returns `gen`
   * @throws TypeError, code `ERR_ASYNCGEN_SCOPE`, for what is no generator of ours, or began while
   *   nobody watched; Error after its end.
   */
  own<Gen extends AsyncGenerator<unknown, unknown, never>>(gen: Gen): Gen;
  /**
   * Lets `gen` go on after the end, whether it has begun or not. The tracker owns it from then on. What
   * another scope owns stays there.
   *
   * @returns `gen`
   * @throws TypeError as `own` does.
   */
  release<Gen extends AsyncGenerator<unknown, unknown, never>>(gen: Gen): Gen;
  /** The generators that it owns and that have not ended, oldest first. */
  live(): LiveAsyncGen[];
  /**
   * Ends it: closes what it owns, as `tracker.shutdown()` does. A second call gives the same report.
   *
   * @param options in the place of those that it was made with.
   */
  close(options?: ShutdownOptions): Promise<ShutdownReport>;
  /** Ends it, too. What does not close is warned of, once for each place in the source. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a scope needs of its tracker. */
export interface ScopeTracker {
  scopeEnded(scope: Scope): void;
  tellUnclosed(report: ShutdownReport): void;
}

export class Scope implements AsyncGenScope, Owner {
  readonly open = new OpenGenerators();
  outer: Owner | undefined = currentOwner();
  isOpen = true;
  #closing: Promise<ShutdownReport> | undefined;

  constructor(
    readonly tracker: ScopeTracker,
    private readonly limits: Required<ShutdownOptions>,
  ) {}

  run<Result>(fn: () => Result): Result {
    if (typeof fn !== 'function')
      throw scopeError(`scope.run() got ${show(fn)}. Pass a function.`, TypeError);
    this.#checkOpen('run');
    return runIn(this, fn, 'scope.run()');
  }

  own<Gen>(gen: Gen): Gen {
    this.#checkOpen('own');
    assign(gen, this, 'scope.own()');
    return gen;
  }

  release<Gen>(gen: Gen): Gen {
    assign(gen, undefined, 'scope.release()', this);
    return gen;
  }

  live(): LiveAsyncGen[] {
    return this.open.live();
  }

  close(options: ShutdownOptions = {}): Promise<ShutdownReport> {
    try {
      const limits = { ...this.limits, ...checkGiven(options) };
      return (this.#closing ??= this.#end(limits));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async [ASYNC_DISPOSE](): Promise<void> {
    this.tracker.tellUnclosed(await this.close());
  }

  async #end(limits: Required<ShutdownOptions>): Promise<ShutdownReport> {
    try {
      // What a `finally` block begins is to be its own.
      return await runInIfAny(this, () => this.open.close(limits));
    } finally {
      this.isOpen = false;
      // Scopes that are made in each other without an end would keep all that have ended.
      this.outer = openOwner(this.outer);
      this.tracker.scopeEnded(this);
    }
  }

  #checkOpen(name: string): void {
    if (this.isOpen) return;
    throw scopeError(`scope.${name}(): the scope has ended. Make a new one by tracker.scope().`);
  }
}

const SUBJECT = 'lifecycle: scope.close():';

/** Those that were given: the defaults stand behind those of the scope. */
function checkGiven(options: ShutdownOptions): ShutdownOptions {
  const limits = checkLimits(options, SUBJECT);
  const given = Object.entries(limits).filter(
    ([name]) => options[name as keyof ShutdownOptions] !== undefined,
  );
  return Object.fromEntries(given);
}
