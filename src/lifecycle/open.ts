import type { AsyncGenHandle } from '../runtime/index.js';
import { Entry, type LiveAsyncGen } from './entry.js';
import type { ShutdownOptions } from './limits.js';
import { Arrivals, closeAll, type ShutdownReport } from './shutdown.js';

/**
 * The open generators of one owner: of a scope, or of a tracker those that no scope owns.
 *
 * A list, and each handle leads to its entry: to put one into a Map and take it out again costs two
 * thirds of a native generator of one item. Where another tracker was first, a Map has to do.
 */
export class OpenGenerators {
  #first: Entry | undefined;
  #last: Entry | undefined;
  #size = 0;
  /** Those whose handle leads to the entry of another one. */
  readonly #others = new Map<AsyncGenHandle, Entry>();
  /** What begins while it closes them. */
  #arrivals: Arrivals | undefined;

  get size(): number {
    return this.#size;
  }

  /** Oldest first. The one that was given last may be taken out meanwhile. */
  *values(): Iterable<Entry> {
    let next: Entry | undefined;
    for (let entry = this.#first; entry !== undefined; entry = next) {
      ({ next } = entry);
      yield entry;
    }
  }

  get(handle: AsyncGenHandle): Entry | undefined {
    const { kept } = handle;
    if (kept instanceof Entry && kept.home === this) return kept;
    return this.#others.size === 0 ? undefined : this.#others.get(handle);
  }

  add(entry: Entry): void {
    const { handle } = entry;
    if (handle.kept === undefined) handle.kept = entry;
    else this.#others.set(handle, entry);
    entry.home = this;
    entry.previous = this.#last;
    if (this.#last === undefined) this.#first = entry;
    else this.#last.next = entry;
    this.#last = entry;
    this.#size++;
    this.#arrivals?.add(entry);
  }

  take(handle: AsyncGenHandle): Entry | undefined {
    const entry = this.get(handle);
    if (entry === undefined) return undefined;
    if (handle.kept === entry) handle.kept = undefined;
    else this.#others.delete(handle);
    const { previous, next } = entry;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    // Somebody may keep the handle or the entry, and would keep all that come behind.
    entry.home = entry.previous = entry.next = undefined;
    this.#size--;
    return entry;
  }

  clear(): void {
    for (const { handle } of this.values()) this.take(handle);
  }

  live(): LiveAsyncGen[] {
    this.#forgetEnded();
    return Array.from(this.values(), (entry) => entry.snapshot());
  }

  /** Nobody tells the end of one that began before there was a tracker. */
  #forgetEnded(): void {
    for (const { handle, hasEnded } of this.values()) if (hasEnded) this.take(handle);
  }

  async close(limits: Required<ShutdownOptions>): Promise<ShutdownReport> {
    const arrivals = new Arrivals(this.values());
    this.#arrivals = arrivals;
    try {
      return await closeAll(arrivals, limits);
    } finally {
      this.#arrivals = undefined;
      this.#forgetEnded();
    }
  }
}
