import type { AsyncGenHandle, AsyncGenSite } from '../runtime/index.js';

/** A generator that began and has not finished, as of the moment of asking. */
export interface LiveAsyncGen {
  readonly site: AsyncGenSite;
  /**
   * `created`: called, never iterated. `running`: a step is pending. `closing`: a `return()` is
   * pending. `suspended`: waits for the next step.
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

/** What the tracker keeps of a live generator. */
export class Entry {
  items = 0;
  lastStepAt: number;
  /** When each pending step was asked for; they settle in that order. */
  readonly pending: number[] = [];
  closing = false;
  /** Its turn in the shutdown has come. */
  tried = false;
  /** It began after a shutdown and is not to run. */
  isRefused = false;
  /** The program dropped it: settles when it is closed. */
  closingAbandoned: Promise<void> | undefined;

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

  begin(name: string): void {
    this.lastStepAt = this.now();
    this.pending.push(this.lastStepAt);
    if (name === 'return') this.closing = true;
  }

  /** Made once, not at each step. */
  readonly settled = (result: IteratorResult<unknown>): void => {
    if (!result.done) this.items++;
    this.failed();
  };

  readonly failed = (): void => {
    this.pending.shift();
    if (this.pending.length === 0) this.closing = false;
  };

  snapshot(): LiveAsyncGen {
    const { site, begunAt, items, lastStepAt, stack } = this;
    const [since] = this.pending;
    const state = since === undefined ? 'suspended' : this.closing ? 'closing' : 'running';
    const waiting = since === undefined ? 0 : this.now() - since;
    const live = { site, state, begunAt, items, lastStepAt, waiting } as const;
    return stack === undefined ? live : { ...live, stack };
  }
}
