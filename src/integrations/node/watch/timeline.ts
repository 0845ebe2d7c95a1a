import { observeAsyncGens, type AsyncGenStepEnd } from '../../../lifecycle/index.js';
import type { AnyAsyncGenerator, AsyncGenHandle, AsyncGenOutcome } from '../../../runtime/index.js';
import { Queue } from '../../../queue.js';

/** A generator that began, and whose steps have not all settled. */
export interface Life {
  readonly id: number;
  readonly handle: AsyncGenHandle;
  /** The program had its chance: how the shutdown closes it is not the program's doing. */
  readonly isLeft: boolean;
}

/** Times are those of `performance.now()`. */
export interface TimelineListener {
  called?(handle: AsyncGenHandle): void;
  begun?(life: Life, now: number, gen: AnyAsyncGenerator): void;
  /** A step has settled, or waits still at the end of the thread (`pending`). */
  stepped?(
    life: Life,
    name: string,
    since: number,
    now: number,
    how: AsyncGenStepEnd | 'pending',
  ): void;
  ended?(life: Life, outcome: AsyncGenOutcome['type']): void;
  /**
   * It is open, and the program comes to its end.
   * @param since since when its oldest pending step waits, if one does.
   * @param isAsked whether it is asked to close.
   */
  left?(life: Life, now: number, since: number | undefined, isAsked: boolean): void;
  /** It has ended, and its last step has settled; or the thread comes to its end. */
  over?(life: Life, now: number, how: AsyncGenOutcome['type'] | 'still open'): void;
}

class Timed implements Life {
  /** When each pending step was asked for, and its name; they settle in that order. */
  readonly pending = new Queue<{ readonly name: string; since: number }>();
  isLeft = false;
  outcome: AsyncGenOutcome['type'] | undefined;

  constructor(
    readonly id: number,
    readonly handle: AsyncGenHandle,
  ) {}
}

/** Times the steps of all generators of this thread, once, for all that listen. */
export class Timeline {
  readonly #open = new Map<AsyncGenHandle, Timed>();
  /** Those that have ended, while a step is pending. */
  readonly #ending = new Map<AsyncGenHandle, Timed>();
  #begun = 0;

  constructor(private readonly listeners: readonly TimelineListener[]) {
    observeAsyncGens({
      called: (handle) => this.#tell((to) => to.called?.(handle)),
      begun: (handle, _owner, gen) => this.#begin(handle, gen),
      asked: (handle, name) => this.#of(handle)?.pending.push({ name, since: performance.now() }),
      settled: (handle, _name, how) => this.#settle(handle, how),
      ended: (handle, _owner, { type }) => this.#end(handle, type),
    });
  }

  /** How many began so far. */
  get begun(): number {
    return this.#begun;
  }

  /** How many began and did not end. */
  get open(): number {
    return this.#open.size;
  }

  /** Those that are open, and since when the oldest pending step of each waits. */
  get lives(): { readonly life: Life; readonly since: number | undefined }[] {
    return [...this.#open.values()].map((life) => ({ life, since: life.pending.first?.since }));
  }

  /** What is open is asked to close: from now on it does not end by the program's doing. */
  leave(): void {
    for (const life of this.#open.values()) this.#leave(life, true);
  }

  /** At the end of the thread: the time that steps have been waiting counts. */
  finish(): void {
    const now = performance.now();
    for (const life of this.#open.values()) {
      this.#leave(life, false);
      const oldest = life.pending.first;
      if (oldest !== undefined)
        this.#tell((to) => to.stepped?.(life, oldest.name, oldest.since, now, 'pending'));
      this.#tell((to) => to.over?.(life, now, 'still open'));
    }
  }

  #tell(event: (to: TimelineListener) => void): void {
    for (const listener of this.listeners) event(listener);
  }

  #of(handle: AsyncGenHandle): Timed | undefined {
    return this.#open.get(handle) ?? this.#ending.get(handle);
  }

  #begin(handle: AsyncGenHandle, gen: AnyAsyncGenerator): void {
    const life = new Timed(this.#begun++, handle);
    this.#open.set(handle, life);
    this.#tell((to) => to.begun?.(life, performance.now(), gen));
  }

  #leave(life: Timed, isAsked: boolean): void {
    if (life.isLeft) return;
    life.isLeft = true;
    const since = life.pending.first?.since;
    this.#tell((to) => to.left?.(life, performance.now(), since, isAsked));
  }

  #settle(handle: AsyncGenHandle, how: AsyncGenStepEnd): void {
    const life = this.#of(handle);
    const step = life?.pending.shift();
    if (life === undefined || step === undefined) return;
    const now = performance.now();
    this.#tell((to) => to.stepped?.(life, step.name, step.since, now, how));
    // It waited behind this one; its own time begins now.
    if (life.pending.first !== undefined) life.pending.first.since = now;
    else if (life.outcome !== undefined) this.#over(life, life.outcome, now);
  }

  #end(handle: AsyncGenHandle, outcome: AsyncGenOutcome['type']): void {
    const life = this.#open.get(handle);
    if (life === undefined) return;
    this.#open.delete(handle);
    life.outcome = outcome;
    this.#tell((to) => to.ended?.(life, outcome));
    // The body has ended, and its last step is about to settle.
    if (life.pending.first === undefined) this.#over(life, outcome, performance.now());
    else this.#ending.set(handle, life);
  }

  #over(life: Timed, outcome: AsyncGenOutcome['type'], now: number): void {
    this.#ending.delete(life.handle);
    this.#tell((to) => to.over?.(life, now, life.isLeft ? 'still open' : outcome));
  }
}
