import {
  addAsyncGenHooks,
  formatAsyncGenSite,
  type AddedAsyncGenHooks,
  type AnyAsyncGenerator,
  type AsyncGenHandle,
  type AsyncGenOutcome,
  type AsyncGenSite,
} from '../runtime/index.js';
import { ASYNC_DISPOSE, DISPOSE } from '../dispose.js';
import { plural, printableStack, quote, warn } from '../messages.js';
import { StepClock } from './clock.js';
import { CreatedGenerators } from './created.js';
import { Entry, type LiveAsyncGen } from './entry.js';
import {
  resolveLiveOptions,
  resolveOptions,
  type LiveOptions,
  type ResolvedTrackOptions,
  type TrackOptions,
} from './options.js';
import {
  Arrivals,
  checkLimits,
  close,
  closeAll,
  type ShutdownOptions,
  type ShutdownReport,
} from './shutdown.js';

/** Watches the async generators that begin while it is there. */
export interface AsyncGenTracker extends Disposable, AsyncDisposable {
  /**
   * The generators that began and have not finished, oldest first. With `created`, those that were
   * called and never iterated, too (the tracker has to be made with `created: true`).
   *
   * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown or wrong option.
   */
  live(options?: LiveOptions): LiveAsyncGen[];
  /**
   * Closes what is live, in rounds until nothing is left, generators born meanwhile included, or
   * the time is over. A second call while the first is at work gives the same report.
   *
   * Rejects with a TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown option, or a limit that is
   * not a number above 0; nothing is closed then.
   *
   * Source: `asyncio.loop.shutdown_asyncgens`, Trio's `AsyncGenerators.finalize_remaining`.
   */
  shutdown(options?: ShutdownOptions): Promise<ShutdownReport>;
  /** Stops watching; closes nothing. Other trackers and hooks stay. */
  [Symbol.dispose](): void;
  /** Shuts down, then stops watching. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Tracks async generators: closes those that the program dropped and warns of them, lists those
 * that are live, closes the rest at the end.
 *
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown or wrong option.
 */
export function trackAsyncGens(options: TrackOptions = {}): AsyncGenTracker {
  return new Tracker(resolveOptions(options));
}

class Tracker implements AsyncGenTracker {
  readonly #options: ResolvedTrackOptions;
  readonly #entries = new Map<AsyncGenHandle, Entry>();
  readonly #created = new CreatedGenerators();
  readonly #hooks: AddedAsyncGenHooks;
  /** Places in the source of which a warning has told. */
  readonly #told = new Set<string>();
  readonly #clock: StepClock;
  #shuttingDown: Promise<ShutdownReport> | undefined;
  /** What begins while a shutdown is at work. */
  #arrivals: Arrivals | undefined;
  #isShut = false;
  #isStopped = false;

  constructor(options: ResolvedTrackOptions) {
    this.#options = options;
    this.#clock = new StepClock(options.now, () => this.#entries.size > 0);
    this.#hooks = addAsyncGenHooks({
      init: options.created ? (gen) => this.#created.add(gen, this.#clock.now) : null,
      firstiter: (gen, handle) => this.#begin(gen, handle),
      finalizer: (_gen, outcome, handle) => this.#end(outcome, handle),
    });
  }

  live(options: LiveOptions = {}): LiveAsyncGen[] {
    const { created } = resolveLiveOptions(options);
    this.#clock.tick();
    const live = Array.from(this.#entries.values(), (entry) => entry.snapshot());
    return created ? [...live, ...this.#created.list()] : live;
  }

  shutdown(options: ShutdownOptions = {}): Promise<ShutdownReport> {
    try {
      const limits = checkLimits(options);
      return (this.#shuttingDown ??= this.#shutDown(limits));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  [DISPOSE](): void {
    this.#hooks.remove();
    this.#isStopped = true;
    if (this.#shuttingDown === undefined) this.#forget();
  }

  async [ASYNC_DISPOSE](): Promise<void> {
    await this.shutdown();
    this[DISPOSE]();
  }

  #forget(): void {
    this.#entries.clear();
    this.#created.clear();
    this.#clock.stop();
  }

  async #shutDown(limits: Required<ShutdownOptions>): Promise<ShutdownReport> {
    this.#arrivals = new Arrivals(this.#entries.values());
    try {
      return await closeAll(this.#arrivals, limits);
    } finally {
      this.#shuttingDown = this.#arrivals = undefined;
      this.#isShut = true;
      if (this.#isStopped) this.#forget();
    }
  }

  #begin(gen: AnyAsyncGenerator, handle: AsyncGenHandle): void {
    const { created, stacks, afterShutdown } = this.#options;
    if (created) this.#created.delete(gen);
    if (this.#isShut && afterShutdown === 'refuse') {
      // Its body will never run, and later steps find it ended.
      void handle.step('return');
      throw refusal(handle.site);
    }
    const entry = new Entry(handle, this.#clock, stacks ? stackOfStep(gen) : undefined);
    this.#entries.set(handle, entry);
    this.#arrivals?.add(entry);
    if (!this.#isShut || afterShutdown !== 'warn') return;
    this.#warn(
      handle.site,
      LATE,
      `${LATE}. Iterate it earlier, or shut down later.`,
      'ERR_ASYNCGEN_SHUTDOWN',
    );
  }

  #end(outcome: AsyncGenOutcome, handle: AsyncGenHandle): void | Promise<void> {
    const entry = this.#entries.get(handle);
    if (entry === undefined) return;
    if (outcome.type === 'abandoned') return this.#closeAbandoned(entry);
    this.#endEntry(entry);
  }

  #endEntry(entry: Entry): void {
    entry.hasEnded = true;
    this.#entries.delete(entry.handle);
  }

  async #closeAbandoned(entry: Entry): Promise<void> {
    const live = entry.snapshot();
    // Its turn is now; a shutdown has to wait for it, and not to close it again.
    const closing = close(entry).finally(() => this.#endEntry(entry));
    entry.closing = closing;
    closing.catch((error: unknown) => {
      this.#warn(
        live.site,
        'failed',
        `its finally block failed with ${quote(error)} when it was closed, since the program had ` +
          'dropped it. Catch the error there.',
        'ERR_ASYNCGEN_ABANDONED',
        error,
      );
    });
    const { onAbandoned } = this.#options;
    if (onAbandoned !== undefined) return onAbandoned(live);
    this.#warn(
      live.site,
      'abandoned',
      `the program dropped it before it finished, after ${plural(live.items, 'item')}; it is closed now. ` +
        'Iterate it with "for await", or hold it with "await using", and it is closed in time.' +
        (live.stack === undefined ? '' : `\nFirst iterated:\n${printableStack(live.stack)}`),
      'ERR_ASYNCGEN_ABANDONED',
    );
  }

  /** Warns of one kind of fact once for each place in the source. */
  #warn(site: AsyncGenSite, kind: string, text: string, code: string, cause?: unknown): void {
    const place = `${kind} ${formatAsyncGenSite(site)}`;
    if (this.#told.has(place)) return;
    this.#told.add(place);
    warn(`asyncgen-hooks/lifecycle: ${formatAsyncGenSite(site)}, ${text}`, code, cause);
  }
}

const LATE = 'its first step came after the shutdown';

const refusal = (site: AsyncGenSite): Error =>
  Object.assign(
    new Error(
      `asyncgen-hooks/lifecycle: ${formatAsyncGenSite(site)}, ${LATE} and is refused. ` +
        'Iterate it earlier, or set afterShutdown to "warn".',
    ),
    { code: 'ERR_ASYNCGEN_SHUTDOWN' },
  );

/** The frames of whoever asked for the first step, without those of the runtime where V8 tells. */
function stackOfStep(gen: AnyAsyncGenerator): string {
  const at: { stack?: string } = {};
  for (const step of [gen.next, gen.return, gen.throw]) {
    Error.captureStackTrace?.(at, step);
    const frames = at.stack?.split('\n').slice(1).join('\n');
    if (frames) return frames;
  }
  return String(new Error().stack);
}
