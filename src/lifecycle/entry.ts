import type { AsyncGenHandle, AsyncGenPlace, AsyncGenSite } from '../runtime/index.js';
import type { StepClock } from './clock.js';
import type { AsyncContext } from '../async-context.js';
import type { LateStack } from '../late-stack.js';
import type { Closable } from './shutdown.js';

/** A generator that began and has not ended, as of the moment of asking. */
export interface LiveAsyncGen {
  readonly site: AsyncGenSite;
  /**
   * `created`: called, never iterated. `running`: a step is pending. `closing`: a step is pending,
   * and `return()` was called. `suspended`: waits for the next step.
   */
  readonly state: 'created' | 'running' | 'suspended' | 'closing';
  /** The `yield` that it is suspended at. */
  readonly parked?: AsyncGenPlace;
  /** Milliseconds since the epoch: the first step; for a created one, the call. */
  readonly begunAt: number;
  /** How many items it gave so far. */
  readonly items: number;
  /** Milliseconds since the epoch: when the newest step had its turn, to a tenth of a second. */
  readonly lastStepAt: number;
  /**
   * For how many milliseconds the oldest pending step has been waiting, to a tenth of a second; 0
   * if none is.
   */
  readonly waiting: number;
  /** Where it was first iterated, if the tracker keeps stacks. */
  readonly stack?: string;
}

type Result = IteratorResult<unknown, unknown>;

/** What is known of a generator's beginning, if the tracker was asked to keep it. */
export interface Beginning {
  readonly stack?: LateStack<string | undefined> | undefined;
  /** What the body's first statement saw, its `finally` blocks see as well. */
  readonly context?: AsyncContext | undefined;
}

const NOTHING: Beginning = {};

/** What is kept of an open generator. */
export class Entry implements Closable {
  /** The program dropped it: settles when it is closed. */
  closing: Promise<void> | undefined = undefined;
  wasTried = false;
  /** A warning has told that it has been suspended for long. */
  wasToldSuspended = false;

  #site: AsyncGenSite | undefined;

  readonly begunAt: number;

  constructor(
    readonly handle: AsyncGenHandle,
    private readonly clock: StepClock,
    public beginning = NOTHING,
  ) {
    this.begunAt = clock.now;
  }

  get site(): AsyncGenSite {
    return (this.#site ??= this.handle.site);
  }

  get isPending(): boolean {
    return this.handle.pendingSince !== undefined;
  }

  get isClosing(): boolean {
    return this.handle.isClosing;
  }

  get hasEnded(): boolean {
    return this.handle.state === 'closed';
  }

  abort(): void {
    const { context } = this.beginning;
    if (context === undefined) this.handle.abort();
    else context.runInAsyncScope(() => this.handle.abort());
  }

  /** As the generator's own method does, whatever the program has put in its place. */
  step(name: 'next' | 'return'): Promise<Result> {
    const { context } = this.beginning;
    if (context === undefined) return this.handle.step(name);
    return context.runInAsyncScope(() => this.handle.step(name));
  }

  /** Whoever closes it later does so in a context of their own. */
  forgetContext(): void {
    const { stack, context } = this.beginning;
    if (context !== undefined) this.beginning = { stack };
  }

  /** It has ended: nobody will ask where it began. */
  forget(): void {
    this.beginning.stack?.forget();
  }

  snapshot(): LiveAsyncGen {
    const { site, begunAt, handle } = this;
    const stack = this.beginning.stack?.read();
    const { state, items, parked, steppedAt, pendingSince } = handle;
    const live = {
      site,
      state: state === 'closed' ? 'closing' : state,
      begunAt,
      items,
      lastStepAt: Math.max(begunAt, steppedAt),
      waiting: pendingSince === undefined ? 0 : Math.max(0, this.clock.tick() - pendingSince),
    } as const;
    return { ...live, ...(parked && { parked }), ...(stack !== undefined && { stack }) };
  }
}
