import {
  type AddedAsyncGenHooks,
  type AnyAsyncGenerator,
  type AsyncGenHandle,
  type AsyncGenOutcome,
} from '../runtime/index.js';
import { ASYNC_DISPOSE, DISPOSE } from '../dispose.js';
import { show } from '../messages.js';
import { StepClock } from './clock.js';
import { CreatedGenerators } from './created.js';
import { captureContext } from '../async-context.js';
import { Crowd } from './crowd.js';
import { Entry, type LiveAsyncGen, type Notes } from './entry.js';
import { observeAsyncGens } from './observe.js';
import { OpenGenerators } from './open.js';
import {
  resolveLiveOptions,
  resolveOptions,
  resolveShutdownOptions,
  type LiveOptions,
  type ResolvedTrackOptions,
  type TrackerShutdownOptions,
  type TrackOptions,
} from './options.js';
import { scopeError, whenMoved, type Owner } from './ownership.js';
import { Scope, type AsyncGenScope, type ScopeTracker } from './scope.js';
import { checkLimits, type ShutdownOptions } from './limits.js';
import { Arrivals, close, closeAll, type ShutdownReport } from './shutdown.js';
import { stackOfStep } from './stack.js';
import { SuspendedWatch } from './suspended.js';
import type { AsyncGenTracker } from './types.js';
import { PlaceWarnings, refusal } from './warnings.js';

/**
 * Tracks async generators: closes those that the program dropped and warns of them, lists those
 * that are live, closes the rest at the end.
 *
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown or wrong option.
 */
export function trackAsyncGens(options: TrackOptions = {}): AsyncGenTracker {
  return new Tracker(resolveOptions(options));
}

/** A shutdown at work. */
interface AtWork {
  readonly report: Promise<ShutdownReport>;
  readonly arrivals: Arrivals;
}

class Tracker implements AsyncGenTracker, ScopeTracker {
  readonly #options: ResolvedTrackOptions;
  /** What no scope owns. */
  readonly #open = new OpenGenerators();
  /** Those that are open, and those that own something which did not close at their end. */
  readonly #scopes = new Set<Scope>();
  readonly #created = new CreatedGenerators();
  readonly #hooks: AddedAsyncGenHooks;
  readonly #stopMoves: () => void;
  readonly #warnings = new PlaceWarnings();
  readonly #clock: StepClock;
  readonly #plain: Notes;
  readonly #suspended: SuspendedWatch;
  readonly #crowd = new Crowd(() => this.#all(true).reduce((sum, { size }) => sum + size, 0));
  #ownShutdown: AtWork | undefined;
  /** With `scopes`. */
  #fullShutdown: AtWork | undefined;
  #isShut = false;
  #isStopped = false;

  constructor(options: ResolvedTrackOptions) {
    this.#options = options;
    this.#clock = new StepClock(options.now, () => {
      this.#crowd.task();
      return this.#isAny((open) => open.size > 0);
    });
    this.#plain = { clock: this.#clock };
    this.#suspended = new SuspendedWatch(
      options,
      () => this.#all(true).flatMap((open) => [...open.values()]),
      () => this.#clock.tick(),
      (entry, time) => this.#warnings.tellSuspended(entry.snapshot(), time),
    );
    const { created } = options;
    this.#hooks = observeAsyncGens({
      ...(created && { called: (_handle, gen) => this.#created.add(gen, this.#clock.now) }),
      begun: (handle, owner, gen) => this.#begin(gen, handle, owner as Owner | undefined),
      ended: (handle, owner, outcome) => this.#end(handle, owner as Owner | undefined, outcome),
    });
    this.#stopMoves = whenMoved((handle, before) => this.#move(handle, before));
  }

  live(options: LiveOptions = {}): LiveAsyncGen[] {
    const { created, scopes } = resolveLiveOptions(options);
    this.#clock.tick();
    const live = this.#all(scopes).flatMap((open) => open.live());
    return created ? [...live, ...this.#created.list()] : live;
  }

  get hasOpen(): boolean {
    return this.#isAny((open) => {
      for (const { notes } of open.values()) if (!notes.wasTried) return true;
      return false;
    });
  }

  scope(limits: ShutdownOptions = {}): AsyncGenScope {
    return this.#makeScope('scope', limits);
  }

  async run<Result>(
    fn: (scope: AsyncGenScope) => Result,
    limits: ShutdownOptions = {},
  ): Promise<Awaited<Result>> {
    if (typeof fn !== 'function')
      throw scopeError(`tracker.run() got ${show(fn)}. Pass a function.`, TypeError);
    const scope = this.#makeScope('run', limits);
    try {
      return await scope.run(() => fn(scope));
    } finally {
      await scope[ASYNC_DISPOSE]();
    }
  }

  shutdown(options: TrackerShutdownOptions = {}): Promise<ShutdownReport> {
    try {
      const { scopes, limits } = resolveShutdownOptions(options);
      if (scopes) return (this.#fullShutdown ??= this.#shutDown(scopes, limits)).report;
      return (this.#ownShutdown ??= this.#shutDown(scopes, limits)).report;
    } catch (error) {
      return Promise.reject(error);
    }
  }

  [DISPOSE](): void {
    this.#isStopped = true;
    this.#forget();
  }

  async [ASYNC_DISPOSE](): Promise<void> {
    await this.shutdown();
    this[DISPOSE]();
  }

  scopeEnded(scope: Scope): void {
    if (scope.open.size === 0) this.#scopes.delete(scope);
    if (this.#isStopped) this.#forget();
  }

  tellUnclosed(report: ShutdownReport): void {
    this.#warnings.tellUnclosed(report);
  }

  #makeScope(name: string, given: ShutdownOptions): Scope {
    const limits = checkLimits(given, `lifecycle: tracker.${name}():`);
    if (this.#isStopped)
      throw scopeError(`tracker.${name}(): the tracker was disposed of. Make the scope earlier.`);
    const scope = new Scope(this, limits);
    this.#scopes.add(scope);
    return scope;
  }

  #all(scopes: boolean): OpenGenerators[] {
    return scopes ? [this.#open, ...Array.from(this.#scopes, ({ open }) => open)] : [this.#open];
  }

  #isAny(test: (open: OpenGenerators) => boolean): boolean {
    if (test(this.#open)) return true;
    for (const { open } of this.#scopes) if (test(open)) return true;
    return false;
  }

  /** Where those are that belong to `owner`; `undefined` if that is not of this tracker. */
  #openOf(owner: Owner | undefined): OpenGenerators | undefined {
    if (owner === undefined) return this.#isStopped ? undefined : this.#open;
    return owner.tracker === this ? (owner as Scope).open : undefined;
  }

  /** Keeps nothing, but for what a shutdown or a scope is at work with. */
  #forget(): void {
    if (this.#ownShutdown === undefined && this.#fullShutdown === undefined) {
      this.#open.clear();
      this.#created.clear();
    }
    for (const { isOpen } of this.#scopes) if (isOpen) return;
    this.#hooks.remove();
    this.#stopMoves();
    if (this.#open.size === 0) this.#clock.stop();
  }

  #shutDown(scopes: boolean, limits: Required<ShutdownOptions>): AtWork {
    const arrivals = new Arrivals(...this.#all(scopes).map((open) => open.values()));
    const close = async (): Promise<ShutdownReport> => {
      try {
        return await closeAll(arrivals, limits);
      } finally {
        if (scopes) this.#fullShutdown = undefined;
        else this.#ownShutdown = undefined;
        this.#isShut = true;
        if (this.#isStopped) this.#forget();
      }
    };
    return { arrivals, report: close() };
  }

  #begin(gen: AnyAsyncGenerator, handle: AsyncGenHandle, owner: Owner | undefined): void {
    const { created, afterShutdown } = this.#options;
    if (created) this.#created.delete(gen);
    const open = this.#openOf(owner);
    if (open === undefined) return;
    if (this.#isShut && owner === undefined && afterShutdown === 'refuse') {
      // Its body will never run, and later steps find it ended.
      void handle.step('return');
      throw refusal(handle.site);
    }
    if (this.#crowd.isFull) return this.#warnings.tellCrowded();
    this.#add(new Entry(handle, this.#notesOf(gen)), open);
    if (!this.#isShut || owner !== undefined || afterShutdown !== 'warn') return;
    this.#warnings.tellLate(handle.site);
  }

  #notesOf(gen: AnyAsyncGenerator): Notes {
    const { stacks, context } = this.#options;
    if (!stacks && !context) return this.#plain;
    return {
      clock: this.#clock,
      stack: stacks ? stackOfStep(gen) : undefined,
      context: context ? captureContext() : undefined,
    };
  }

  #add(entry: Entry, open: OpenGenerators): void {
    open.add(entry);
    this.#suspended.wake();
    if (open === this.#open) this.#ownShutdown?.arrivals.add(entry);
    this.#fullShutdown?.arrivals.add(entry);
  }

  /** It got another owner. */
  #move(handle: AsyncGenHandle, before: Owner | undefined): void {
    const entry = this.#openOf(before)?.take(handle);
    const open = this.#openOf(handle.owner as Owner | undefined);
    // Its first step is yet to come.
    if (open === undefined || (entry === undefined && handle.state === 'created')) return;
    this.#add(entry ?? new Entry(handle, this.#plain), open);
  }

  #end(
    handle: AsyncGenHandle,
    owner: Owner | undefined,
    outcome: AsyncGenOutcome,
  ): void | Promise<void> {
    const open = this.#openOf(owner);
    const entry = open?.get(handle);
    if (entry === undefined) return;
    if (outcome.type === 'abandoned') return this.#closeAbandoned(entry);
    this.#endEntry(entry);
  }

  #endEntry(entry: Entry): void {
    const { handle } = entry;
    const owner = handle.owner as Owner | undefined;
    this.#openOf(owner)?.take(handle);
    entry.forget();
    if (owner !== undefined && !owner.isOpen) this.scopeEnded(owner as Scope);
  }

  async #closeAbandoned(entry: Entry): Promise<void> {
    const live = entry.snapshot();
    // Its turn is now; a shutdown has to wait for it, and not to close it again.
    const closing = close(entry).finally(() => this.#endEntry(entry));
    entry.note({ closing });
    closing.catch((error: unknown) => {
      this.#warnings.tellFailed(live, error);
    });
    const { onAbandoned } = this.#options;
    if (onAbandoned === undefined) return this.#warnings.tellAbandoned(live);
    try {
      await onAbandoned(live);
    } catch (error) {
      this.#warnings.tellCallback(live, error);
    }
  }
}
