import { Queue } from '../queue.js';
import { elapsed, inTurn, startTimer } from '../time.js';

interface Deadline {
  readonly at: number;
  /** `undefined` when what it limits has settled. */
  over: (() => void) | undefined;
}

/** In one turn of the event loop, at most so many limits are over: each may have something to tell. */
const MAX_OVER = 256;

/**
 * The limits of one shutdown, behind a single timer. Engines call all timers of one length in one
 * turn: those of 200,000 generators would block the event loop for a second.
 *
 * Each limit ends no earlier than the one that was set before.
 */
export class Deadlines {
  readonly #all = new Queue<Deadline>();
  #isWaiting = false;

  /** Whether `work` settles within `limit` milliseconds. Rejects as it does. */
  within(limit: number, work: Promise<void>): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const deadline: Deadline = { at: elapsed() + limit, over: () => resolve(false) };
      this.#all.push(deadline);
      this.#wait();
      const settled = (): void => {
        deadline.over = undefined;
        // Nothing of ours keeps the process when all have settled.
        this.#forgetSettled();
      };
      work.then(
        () => {
          settled();
          resolve(true);
        },
        // What comes after the limit belongs to nobody; it is not to be an unhandled rejection.
        (error: unknown) => {
          settled();
          reject(error);
        },
      );
    });
  }

  #stopTimer: () => void = () => {};

  #forgetSettled(): void {
    while (this.#all.first !== undefined && this.#all.first.over === undefined) this.#all.shift();
    if (this.#all.first !== undefined) return;
    this.#stopTimer();
    this.#isWaiting = false;
  }

  #wait(): void {
    const { first } = this.#all;
    if (this.#isWaiting || first === undefined) return;
    this.#isWaiting = true;
    this.#stopTimer = startTimer(Math.max(1, first.at - elapsed()), () => this.#end());
  }

  #end(): void {
    const now = elapsed();
    for (let ended = 0; ended < MAX_OVER; ended++) {
      const { first } = this.#all;
      // A timer may come a fraction of a millisecond early.
      if (first === undefined || first.at > now + 1) break;
      this.#all.shift();
      first.over?.();
    }
    const { first } = this.#all;
    if (first !== undefined && first.at <= now + 1) return void inTurn(() => this.#end());
    this.#isWaiting = false;
    this.#wait();
  }
}
