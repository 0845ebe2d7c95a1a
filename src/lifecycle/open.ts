import type { AsyncGenHandle } from '../runtime/index.js';
import type { Entry, LiveAsyncGen } from './entry.js';
import type { ShutdownOptions } from './limits.js';
import { Arrivals, closeAll, type ShutdownReport } from './shutdown.js';

/** The open generators of one owner: of a scope, or of a tracker those that no scope owns. */
export class OpenGenerators {
  readonly #entries = new Map<AsyncGenHandle, Entry>();
  /** What begins while it closes them. */
  #arrivals: Arrivals | undefined;

  get size(): number {
    return this.#entries.size;
  }

  values(): Iterable<Entry> {
    return this.#entries.values();
  }

  get(handle: AsyncGenHandle): Entry | undefined {
    return this.#entries.get(handle);
  }

  add(entry: Entry): void {
    this.#entries.set(entry.handle, entry);
    this.#arrivals?.add(entry);
  }

  take(handle: AsyncGenHandle): Entry | undefined {
    const entry = this.#entries.get(handle);
    this.#entries.delete(handle);
    return entry;
  }

  clear(): void {
    this.#entries.clear();
  }

  live(): LiveAsyncGen[] {
    this.#forgetEnded();
    return Array.from(this.#entries.values(), (entry) => entry.snapshot());
  }

  /** Nobody tells the end of one that began before there was a tracker. */
  #forgetEnded(): void {
    for (const [handle, entry] of this.#entries) if (entry.hasEnded) this.#entries.delete(handle);
  }

  async close(limits: Required<ShutdownOptions>): Promise<ShutdownReport> {
    const arrivals = new Arrivals(this.#entries.values());
    this.#arrivals = arrivals;
    try {
      return await closeAll(arrivals, limits);
    } finally {
      this.#arrivals = undefined;
      this.#forgetEnded();
    }
  }
}
