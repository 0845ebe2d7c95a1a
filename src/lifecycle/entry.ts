import { Queue } from '../queue.js';
import type { AsyncGenHandle, AsyncGenSite } from '../runtime/index.js';
import type { Closable } from './shutdown.js';

/** A generator that began and has not finished, as of the moment of asking. */
export interface LiveAsyncGen {
  readonly site: AsyncGenSite;
  /**
   * `created`: called, never iterated. `running`: a step is pending. `closing`: a step is pending,
   * and `return()` was called. `suspended`: waits for the next step.
   */
  readonly state: 'created' | 'running' | 'suspended' | 'closing';
  /** Milliseconds since the epoch: the first step; for a created one, the call. */
  readonly begunAt: number;
  /** How many items it gave so far. */
  readonly items: number;
  /** Milliseconds since the epoch: when the newest step was asked for. */
  readonly lastStepAt: number;
  /** For how many milliseconds the oldest pending step has been waiting; 0 if none is. */
  readonly waiting: number;
  /** Where it was first iterated, if the tracker keeps stacks. */
  readonly stack?: string;
}

interface PendingStep {
  readonly name: string;
  /** When it was asked for. */
  readonly since: number;
}

/** What the tracker keeps of a live generator. */
export class Entry implements Closable {
  items = 0;
  lastStepAt: number;
  /** They settle in this order. */
  readonly #pending = new Queue<PendingStep>();
  /** How many of them are calls of `return`. */
  #returns = 0;
  /** `return()` gave an item: a `finally` block is at a `yield`. */
  #isInFinally = false;
  hasEnded = false;
  /** It began after a shutdown and is not to run. */
  isRefused = false;
  /** The program dropped it: settles when it is closed. */
  closing: Promise<void> | undefined;

  #site: AsyncGenSite | undefined;

  constructor(
    readonly handle: AsyncGenHandle,
    readonly begunAt: number,
    readonly stack: string | undefined,
    private readonly now: () => number,
  ) {
    this.lastStepAt = begunAt;
  }

  /** One object, so that two of one place in the source can be told apart: `closeOnExit` does. */
  get site(): AsyncGenSite {
    return (this.#site ??= this.handle.site);
  }

  get isPending(): boolean {
    return this.#pending.size > 0;
  }

  get isClosing(): boolean {
    return this.#isInFinally || this.#returns > 0;
  }

  /** As the generator's own method does, whatever the program has put in its place. */
  step(name: 'next' | 'return'): Promise<IteratorResult<unknown, unknown>> {
    // Of one that is refused no body runs, and `next` is.
    return this.handle.step(this.isRefused ? 'return' : name);
  }

  begin(name: string): PendingStep {
    const step = { name, since: this.now() };
    this.lastStepAt = step.since;
    this.#pending.push(step);
    if (name === 'return') this.#returns++;
    return step;
  }

  /** A hook threw, and there is nothing to wait for. */
  takeBack(step: PendingStep): void {
    this.#pending.remove(step);
    if (step.name === 'return') this.#returns--;
  }

  /** Made once, not at each step. */
  readonly settled = (result: IteratorResult<unknown>): void => {
    const name = this.#shift();
    if (result.done) return;
    this.items++;
    if (name === 'return') this.#isInFinally = true;
  };

  readonly failed = (): void => void this.#shift();

  #shift(): string {
    const { name } = this.#pending.shift()!;
    if (name === 'return') this.#returns--;
    return name;
  }

  snapshot(): LiveAsyncGen {
    const { site, begunAt, items, lastStepAt, stack } = this;
    const oldest = this.#pending.first;
    const state = oldest === undefined ? 'suspended' : this.isClosing ? 'closing' : 'running';
    // A clock of the program's own may go back.
    const waiting = oldest === undefined ? 0 : Math.max(0, this.now() - oldest.since);
    const live = { site, state, begunAt, items, lastStepAt, waiting } as const;
    return stack === undefined ? live : { ...live, stack };
  }
}
