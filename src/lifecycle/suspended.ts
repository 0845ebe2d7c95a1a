import { outsideOfRequests } from '../async-context.js';
import { collectGarbage } from '../garbage.js';
import { startIdleTimer, turn } from '../time.js';
import type { Entry } from './entry.js';

/** At most so many are looked at in one turn of the event loop. */
const MAX_LOOKED_AT = 4096;

/**
 * So long a context is kept for what is suspended. What a store holds may lead to the generator itself (a
 * request to the stream that answers it): then nothing else would ever let either of them go.
 */
const CONTEXT_KEPT = 30_000;

export interface SuspendedLimits {
  readonly collectAfter: number | undefined;
  readonly warnAfter: number | undefined;
  readonly context: boolean;
}

/**
 * Looks now and then at what is suspended. An idle process collects no garbage: what it dropped is
 * found when memory gets short, which may be never, and until then a query holds its connection.
 */
export class SuspendedWatch {
  readonly #period: number;
  #isWaiting = false;

  constructor(
    private readonly limits: SuspendedLimits,
    private readonly all: () => Iterable<Entry>,
    private readonly now: () => number,
    private readonly warn: (entry: Entry, time: number) => void,
  ) {
    const { collectAfter = Infinity, warnAfter = Infinity, context } = limits;
    this.#period = Math.min(collectAfter, warnAfter, context ? CONTEXT_KEPT : Infinity);
  }

  /** Something has begun. */
  wake(): void {
    if (this.#isWaiting || this.#period === Infinity) return;
    this.#isWaiting = true;
    outsideOfRequests(() => startIdleTimer(this.#period, () => void this.#look()));
  }

  async #look(): Promise<void> {
    const { collectAfter = Infinity, warnAfter = Infinity } = this.limits;
    const now = this.now();
    let looked = 0;
    let mustCollect = false;
    for (const entry of this.all()) {
      if (++looked % MAX_LOOKED_AT === 0) await turn();
      const { state, steppedAt } = entry.handle;
      if (state !== 'suspended') continue;
      const time = now - Math.max(entry.begunAt, steppedAt);
      mustCollect ||= time >= collectAfter;
      if (time >= CONTEXT_KEPT) entry.forgetContext();
      if (time < warnAfter || entry.notes.wasToldSuspended) continue;
      entry.note({ wasToldSuspended: true });
      this.warn(entry, time);
    }
    if (mustCollect) await collectGarbage();
    this.#isWaiting = false;
    if (looked > 0) this.wake();
  }
}
