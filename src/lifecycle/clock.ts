import { outsideOfRequests } from '../async-context.js';
import { setAsyncGenClock } from '../runtime/index.js';
import { startIdleTimer } from '../time.js';

const TICK = 100;

/**
 * The time of steps, to a tenth of a second: a clock read at each step would cost a third of the
 * step. It ticks while something is open, and keeps no process alive.
 */
export class StepClock {
  #now = 0;
  #stopTimer: (() => void) | undefined;

  constructor(
    private readonly read: () => number,
    private readonly isNeeded: () => boolean,
  ) {}

  /** To the millisecond. */
  tick(): number {
    this.#now = this.read();
    setAsyncGenClock(this.#now);
    return this.#now;
  }

  /** As of the last tick. */
  get now(): number {
    if (this.#stopTimer === undefined) this.#run();
    return this.#now;
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #run(): void {
    this.tick();
    outsideOfRequests(() => {
      this.#stopTimer = startIdleTimer(TICK, () => {
        this.#stopTimer = undefined;
        if (this.isNeeded()) this.#run();
      });
    });
  }
}
