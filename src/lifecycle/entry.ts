import type { AsyncGenHandle, AsyncGenPlace, AsyncGenSite } from '../runtime/index.js';
import type { StepClock } from './clock.js';
import type { AsyncContext } from '../async-context.js';
import type { LateStack } from '../late-stack.js';
import { now } from '../time.js';
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

/** What is known of a generator, and most have nothing of: those of one tracker share one. */
export interface Notes {
  readonly clock: StepClock;
  readonly stack?: LateStack<string | undefined> | undefined;
  /** What the body's first statement saw, its `finally` blocks see as well. */
  readonly context?: AsyncContext | undefined;
  /** Once somebody asked: each generator has one of its own, by which it is told from others of its function. */
  readonly site?: AsyncGenSite;
  /** The program dropped it: settles when it is closed. */
  readonly closing?: Promise<void>;
  /** A shutdown has asked it to close, and it did not. */
  readonly wasTried?: boolean;
  /** A warning has told that it has been suspended for long. */
  readonly wasToldSuspended?: boolean;
}

/** Milliseconds since the epoch are no small integer: V8 would make a box of 16 bytes for each. */
const LOADED_AT = now();

/** What is kept of an open generator: few fields, as in its record. */
export class Entry implements Closable {
  /** The list that it is in, and its neighbours there. */
  home: object | undefined = undefined;
  previous: Entry | undefined = undefined;
  next: Entry | undefined = undefined;

  private readonly begun: number;

  constructor(
    readonly handle: AsyncGenHandle,
    public notes: Notes,
  ) {
    this.begun = notes.clock.now - LOADED_AT;
  }

  note(more: Partial<Notes>): void {
    this.notes = { ...this.notes, ...more };
  }

  get begunAt(): number {
    return LOADED_AT + this.begun;
  }

  get site(): AsyncGenSite {
    if (this.notes.site === undefined) this.note({ site: this.handle.site });
    return this.notes.site!;
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
    const { context } = this.notes;
    if (context === undefined) this.handle.abort();
    else context.runInAsyncScope(() => this.handle.abort());
  }

  /** As the generator's own method does, whatever the program has put in its place. */
  step(name: 'next' | 'return'): Promise<Result> {
    const { context } = this.notes;
    if (context === undefined) return this.handle.step(name);
    return context.runInAsyncScope(() => this.handle.step(name));
  }

  /** Whoever closes it later does so in a context of their own. */
  forgetContext(): void {
    if (this.notes.context !== undefined) this.note({ context: undefined });
  }

  /** It has ended: nobody will ask where it began. */
  forget(): void {
    this.notes.stack?.forget();
  }

  snapshot(): LiveAsyncGen {
    const { site, begunAt, handle } = this;
    const { clock } = this.notes;
    const stack = this.notes.stack?.read();
    const { state, items, parked, steppedAt, pendingSince } = handle;
    const live = {
      site,
      state: state === 'closed' ? 'closing' : state,
      begunAt,
      items,
      lastStepAt: Math.max(begunAt, steppedAt),
      waiting: pendingSince === undefined ? 0 : Math.max(0, clock.tick() - pendingSince),
    } as const;
    return { ...live, ...(parked && { parked }), ...(stack !== undefined && { stack }) };
  }
}
