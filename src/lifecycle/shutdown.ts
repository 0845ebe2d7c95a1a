import { formatAsyncGenSite, type AsyncGenSite } from '../runtime/index.js';
import { elapsed, startTimer, turn } from '../time.js';
import { Deadlines } from './deadlines.js';
import type { LiveAsyncGen, Notes } from './entry.js';
import type { ShutdownOptions } from './limits.js';

/** What a shutdown did. */
export interface ShutdownReport {
  /** Those that ended, as they were before. */
  readonly closed: readonly LiveAsyncGen[];
  /** Those whose `finally` blocks threw, or went on yielding. */
  readonly failed: readonly (LiveAsyncGen & { readonly error: unknown })[];
  /**
   * Those that did not close in time: their `return()` waits behind a step that is still pending,
   * or in a `finally` block; `waiting` tells for how long, in milliseconds. Those that began when
   * the time was over are `running` or `suspended`.
   */
  readonly blocked: readonly LiveAsyncGen[];
  /** How many times it looked for what is live; generators born meanwhile make another round. */
  readonly rounds: number;
  /** In milliseconds. */
  readonly duration: number;
}

/** What a shutdown needs of a generator. */
export interface Closable {
  readonly site: AsyncGenSite;
  readonly isPending: boolean;
  /** Somebody has called `return()`: a second one would cut off a `finally` block that yields. */
  readonly isClosing: boolean;
  readonly hasEnded: boolean;
  readonly notes: Pick<Notes, 'closing'>;
  note(notes: Pick<Notes, 'wasTried'>): void;
  /** Aborts its signal: what it waits for, it need not wait for. */
  abort(): void;
  step(name: 'next' | 'return'): Promise<IteratorResult<unknown, unknown>>;
  snapshot(): LiveAsyncGen;
}

/** What a shutdown has not looked at yet: at first all that is live, then what begins meanwhile. */
export class Arrivals {
  #entries: Closable[];
  onAdd: (() => void) | undefined;

  constructor(...live: Iterable<Closable>[]) {
    this.#entries = live.flatMap((entries) => [...entries]);
  }

  add(entry: Closable): void {
    this.#entries.push(entry);
    this.onAdd?.();
  }

  take(): Closable[] {
    const entries = this.#entries;
    this.#entries = [];
    return entries;
  }
}

/** A body may go on yielding after `return()`; this often we ask for the next item. */
const MAX_ITEMS = 100;

/** Between two turns of the event loop, at most this many are asked to close … */
const MAX_ASKED = 64;
/** … and none when that has taken so many milliseconds. */
const MAX_BUSY = 10;

/** When this part of the whole time is gone, nobody waits for a turn any more. */
const LAST_CALL = 0.75;

/**
 * Closes one generator. A `yield` in a `finally` block answers `return()` with an item: then
 * `next()` lets the block go on to its end, where another `return()` would leave it at once; so,
 * too, if somebody else has called the first one: the program, or another tracker.
 * Rejects with what the `finally` blocks throw.
 */
export async function close(entry: Closable): Promise<void> {
  let { done } = await entry.step(entry.isClosing ? 'next' : 'return');
  for (let items = 0; !done; items++) {
    if (items === MAX_ITEMS) throw notClosed(entry.site);
    ({ done } = await entry.step('next'));
  }
}

const notClosed = (site: AsyncGenSite): Error =>
  Object.assign(
    new Error(
      `asyncgen-hooks/lifecycle: ${formatAsyncGenSite(site)} gave ${MAX_ITEMS} items after return(). ` +
        'Do not yield in a finally block without an end.',
    ),
    { code: 'ERR_ASYNCGEN_NOT_CLOSED' },
  );

/** Closes all that arrive, in rounds, until none is left or the time is over. */
export const closeAll = (
  arrivals: Arrivals,
  limits: Required<ShutdownOptions>,
): Promise<ShutdownReport> => new Shutdown(arrivals, limits).run();

class Shutdown {
  readonly #start = elapsed();
  readonly #deadlines = new Deadlines();
  /** How those were that have a pending step, before their signals went off. */
  readonly #before = new Map<Closable, LiveAsyncGen>();
  readonly #closed: LiveAsyncGen[] = [];
  readonly #failed: (LiveAsyncGen & { error: unknown })[] = [];
  readonly #blocked: LiveAsyncGen[] = [];

  /** How many were asked to close and have neither done so nor used up their limit. */
  #open = 0;
  /** Called when one of those is through, or another generator begins. */
  #onChange: (() => void) | undefined;

  /** How many are closing that others wait for; `concurrency` bounds it. */
  #inTurn = 0;
  /** Called when one of those is through, or at the last call: then nobody waits any more. */
  #onTurn: (() => void) | undefined;
  #isLastCall = false;

  /** How many were asked since the event loop last turned. */
  #askedInTurn = 0;
  #turnBegan = elapsed();

  constructor(
    private readonly arrivals: Arrivals,
    private readonly limits: Required<ShutdownOptions>,
  ) {}

  async run(): Promise<ShutdownReport> {
    const { arrivals, limits } = this;
    arrivals.onAdd = () => this.#onChange?.();
    const stopTimer = startTimer(LAST_CALL * limits.totalTimeout, () => this.#callLast());
    let rounds = 0;
    let fresh: readonly Closable[];
    for (;;) {
      fresh = arrivals.take();
      if (fresh.length > 0) {
        if (this.#timeLeft <= 0) break;
        rounds++;
        await this.#ask(fresh);
      } else {
        if (this.#open === 0) break;
        await this.#change();
      }
    }
    stopTimer();
    // The limit of each ends no later than that of the whole.
    while (this.#open > 0) await this.#change();
    for (const entry of [...fresh, ...arrivals.take()]) {
      await this.#breathe();
      this.#block(entry, entry.snapshot());
    }
    const duration = Math.round(elapsed() - this.#start);
    return { closed: this.#closed, failed: this.#failed, blocked: this.#blocked, rounds, duration };
  }

  get #timeLeft(): number {
    return this.#start + this.limits.totalTimeout - elapsed();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => (this.#onChange = resolve));
  }

  /**
   * First the signals of all: what waits for an event is free before anybody waits for it. Then
   * those with a pending step at once, the others in turn, `concurrency` at a time.
   */
  async #ask(entries: readonly Closable[]): Promise<void> {
    for (const entry of entries) {
      await this.#breathe();
      // Only a body that waits for something can end by its signal.
      if (entry.isPending) this.#before.set(entry, entry.snapshot());
      entry.abort();
    }
    const waiting: Closable[] = [];
    for (const entry of entries) {
      if (entry.isPending) await this.#askAtOnce(entry);
      else waiting.push(entry);
    }
    for (const entry of waiting) {
      await this.#itsTurn();
      // Its step may have come while it waited.
      if (this.#isLastCall || entry.isPending) await this.#askAtOnce(entry);
      else this.#askInTurn(entry);
    }
    while (this.#inTurn > 0 && !this.#isLastCall) await this.#endOfTurn();
    await this.#breathe();
  }

  async #askAtOnce(entry: Closable): Promise<void> {
    await this.#breathe();
    void this.#close(entry);
    // Its block begins a microtask later; what that takes has to count before the next is asked.
    for (let i = 0; i < 3; i++) await undefined;
  }

  async #itsTurn(): Promise<void> {
    if (this.#inTurn < this.limits.concurrency) {
      if (this.#askedInTurn >= MAX_ASKED) await this.#breathe();
      return;
    }
    while (this.#inTurn >= this.limits.concurrency && !this.#isLastCall) await this.#endOfTurn();
    await this.#breathe();
  }

  #askInTurn(entry: Closable): void {
    this.#inTurn++;
    void this.#close(entry).then(() => {
      this.#inTurn--;
      this.#onTurn?.();
    });
  }

  #endOfTurn(): Promise<void> {
    return new Promise((resolve) => (this.#onTurn = resolve));
  }

  #callLast(): void {
    this.#isLastCall = true;
    this.#onTurn?.();
  }

  /**
   * Signals, timers and streams are served between the closings. That closings of microtasks alone
   * beget the next, for ever, does not keep the limit from coming.
   */
  async #breathe(): Promise<void> {
    if (this.#askedInTurn < MAX_ASKED && elapsed() - this.#turnBegan < MAX_BUSY) return;
    await turn();
    this.#askedInTurn = 0;
    this.#turnBegan = elapsed();
  }

  /** Settles, never rejects, when it is through: closed, failed, or over its limit. */
  async #close(entry: Closable): Promise<void> {
    const before = this.#before.get(entry) ?? entry.snapshot();
    this.#before.delete(entry);
    // Another one's closing may have closed it meanwhile; one of its own says how it went.
    if (entry.hasEnded && !entry.notes.closing) return void this.#closed.push(before);
    this.#askedInTurn++;
    const left = Math.min(this.limits.timeout, this.#timeLeft);
    if (left <= 0 && !entry.hasEnded) return this.#block(entry, before);
    const limit = Math.max(1, left);
    this.#open++;
    const asked = elapsed();
    try {
      const isInTime = await this.#deadlines.within(limit, entry.notes.closing ?? close(entry));
      // What answers for a generator may say so while the body lives on.
      if (isInTime && entry.hasEnded) return void this.#closed.push(before);
      const now = entry.snapshot();
      // The pending step may be the newest of many: a `finally` block that yields takes one for each.
      const waiting = Math.max(now.waiting, Math.round(elapsed() - asked));
      this.#block(entry, { ...now, waiting });
    } catch (error) {
      entry.note({ wasTried: true });
      this.#failed.push({ ...before, error });
    } finally {
      this.#open--;
      this.#onChange?.();
    }
  }

  #block(entry: Closable, live: LiveAsyncGen): void {
    entry.note({ wasTried: true });
    this.#blocked.push(live);
  }
}
