import {
  addAsyncGenHooks,
  type AsyncGenHandle,
  type AsyncGenOutcome,
  type AsyncGenStep,
} from '../../../runtime/index.js';
import { Queue } from '../../../queue.js';
import { FIELDS, type Counts, type Field } from './counts.js';
import type { Trace } from './trace.js';

const AT = Object.fromEntries(FIELDS.map((field, i) => [field, i])) as Record<Field, number>;

/** What is kept of a generator that began and has not finished. */
interface Live {
  readonly id: number;
  readonly counts: Float64Array;
  /** When each pending step was asked for, and its name; they settle in that order. */
  readonly pending: Queue<{ readonly name: string; since: number }>;
  /** The program had its chance: how the shutdown closes it is not the program's doing. */
  isLeft: boolean;
  /** How it ended, for the trace. */
  outcome: string | undefined;
}

/** Counts what the async generators of this thread do, and traces them. */
export class Recorder {
  readonly #lives = new Map<AsyncGenHandle, Live>();
  #begun = 0;

  constructor(
    private readonly counts: Counts,
    private readonly trace: Trace | undefined,
  ) {
    addAsyncGenHooks({
      init: (_gen, { site }) => void this.counts.of(site)[AT.called]!++,
      firstiter: (_gen, handle) => this.#begin(handle),
      resume: (_gen, step, name, handle) => this.#resume(handle, step, name),
      finalizer: (_gen, outcome, handle) => this.#end(handle, outcome),
    });
  }

  /** How many began so far. */
  get begun(): number {
    return this.#begun;
  }

  /** How many began and did not finish. */
  get live(): number {
    return this.#lives.size;
  }

  /** From now on, what ends does not end by the program's doing. */
  leave(): void {
    for (const live of this.#lives.values()) live.isLeft = true;
  }

  /** At the end of the thread: the time that steps have been waiting counts. */
  finish(): void {
    const now = performance.now();
    for (const live of this.#lives.values()) {
      const oldest = live.pending.first;
      if (oldest !== undefined) {
        this.#timed(live, now - oldest.since);
        this.trace?.step(live.id, oldest.name, oldest.since, now, 'pending');
      }
      this.trace?.end(live.id, now, 'still open');
    }
    this.trace?.close();
  }

  #begin(handle: AsyncGenHandle): void {
    const { site } = handle;
    const id = this.#begun++;
    const counts = this.counts.of(site);
    counts[AT.begun]!++;
    this.#lives.set(handle, {
      id,
      counts,
      pending: new Queue(),
      isLeft: false,
      outcome: undefined,
    });
    this.trace?.begin(id, performance.now(), site);
  }

  #resume(handle: AsyncGenHandle, step: AsyncGenStep, name: string): unknown {
    const live = this.#lives.get(handle);
    if (live === undefined) return step();
    live.pending.push({ name, since: performance.now() });
    const settled = (how: string): void => {
      const now = performance.now();
      const { since } = live.pending.shift()!;
      this.#timed(live, now - since);
      this.trace?.step(live.id, name, since, now, how);
      // It waited behind this one; its own time begins now.
      if (live.pending.first !== undefined) live.pending.first.since = now;
      else if (live.outcome !== undefined) this.trace?.end(live.id, now, live.outcome);
    };
    // What the program gets is a promise of its own: of the step's, which is observed here, an error
    // would count as handled.
    try {
      return step().then(
        (result) => {
          const { done } = result;
          if (!done && !live.isLeft) live.counts[AT.items]!++;
          settled(done ? 'done' : 'item');
          return result;
        },
        (error: unknown) => {
          settled('failed');
          throw error;
        },
      );
    } catch (error) {
      settled('failed');
      throw error;
    }
  }

  #timed({ counts, isLeft }: Live, took: number): void {
    if (!isLeft && took > counts[AT.slowestStep]!) counts[AT.slowestStep] = took;
  }

  #end(handle: AsyncGenHandle, { type }: AsyncGenOutcome): void {
    const live = this.#lives.get(handle);
    if (live === undefined) return;
    this.#lives.delete(handle);
    if (!live.isLeft) live.counts[AT[type]]!++;
    live.outcome = live.isLeft ? 'still open' : type;
    // The body has ended, and its last step is about to settle.
    if (live.pending.first === undefined) this.trace?.end(live.id, performance.now(), live.outcome);
  }
}
