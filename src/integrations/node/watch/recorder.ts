import {
  addAsyncGenHooks,
  describeAsyncGen,
  getAsyncGenHandle,
  type AnyAsyncGenerator,
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
      init: (gen) => void this.#countsOf(gen)[AT.called]!++,
      firstiter: (gen) => this.#begin(gen),
      resume: (gen, step, name) => this.#resume(gen, step, name),
      finalizer: (gen, outcome) => this.#end(gen, outcome),
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

  #countsOf(gen: AnyAsyncGenerator): Float64Array {
    return this.counts.of(describeAsyncGen(gen)!);
  }

  #begin(gen: AnyAsyncGenerator): void {
    const handle = getAsyncGenHandle(gen)!;
    const { site } = handle;
    const id = this.#begun++;
    const counts = this.counts.of(site);
    counts[AT.begun]!++;
    this.#lives.set(handle, { id, counts, pending: new Queue(), isLeft: false });
    this.trace?.begin(id, performance.now(), site);
  }

  #resume(gen: AnyAsyncGenerator, step: AsyncGenStep, name: string): unknown {
    const live = this.#lives.get(getAsyncGenHandle(gen)!);
    if (live === undefined) return step();
    live.pending.push({ name, since: performance.now() });
    const settled = (how: string): void => {
      const now = performance.now();
      const { since } = live.pending.shift()!;
      this.#timed(live, now - since);
      this.trace?.step(live.id, name, since, now, how);
      // It waited behind this one; its own time begins now.
      if (live.pending.first !== undefined) live.pending.first.since = now;
    };
    try {
      const result = step();
      result.then(
        ({ done }) => {
          if (!done && !live.isLeft) live.counts[AT.items]!++;
          settled(done ? 'done' : 'item');
        },
        () => settled('failed'),
      );
      return result;
    } catch (error) {
      settled('failed');
      throw error;
    }
  }

  #timed({ counts, isLeft }: Live, took: number): void {
    if (!isLeft && took > counts[AT.slowestStep]!) counts[AT.slowestStep] = took;
  }

  #end(gen: AnyAsyncGenerator, { type }: AsyncGenOutcome): void {
    const handle = getAsyncGenHandle(gen)!;
    const live = this.#lives.get(handle);
    if (live === undefined) return;
    this.#lives.delete(handle);
    if (!live.isLeft) live.counts[AT[type]]!++;
    this.trace?.end(live.id, performance.now(), live.isLeft ? 'still open' : type);
  }
}
