import type { GeneratorFunctionRecord, HooksInForce, Step, StepResult } from '../registry.js';
import type { AnyAsyncGenerator, AsyncGenHandle, AsyncGenSite } from '../types.js';
import { siteOf } from './report.js';
import { settleError, settleResult } from './settle.js';
import type { Place } from './place.js';

/**
 * What the hooks keep of one generator. It never refers to the generator itself, once that is not
 * young any more: the registry for garbage holds the life, and the generator has to be free to die.
 */
export class Life implements AsyncGenHandle {
  /** The `finalizer` hooks have been called, or are not to be. */
  finished = false;
  /** A `return()` met a `yield` in a `finally` block; the end that follows is its doing. */
  closing = false;
  /** An `iter` hook failed and the body was closed: later items are not the program's any more. */
  aborted = false;
  /** Settles when the step whose `iter` hook is still at work has settled. */
  slow: Promise<unknown> | null = null;
  /** Of the newest step, while a `resume` hook could let a later one overtake it. */
  newest: Place | null = null;
  /** The generator: while it is young (see `watch`), then weakly. */
  held: AnyAsyncGenerator | WeakRef<AnyAsyncGenerator> | null = null;
  /** Its place among the young; negative if it is none of them. */
  slot = -1;

  /** The hooks are read once, in the first step, as CPython does (`async_gen_init_hooks`). */
  constructor(
    readonly body: object,
    readonly record: GeneratorFunctionRecord,
    readonly hooks: HooksInForce,
  ) {}

  get site(): AsyncGenSite {
    return siteOf(this.record);
  }

  generator(): AnyAsyncGenerator {
    const { held } = this;
    const gen =
      held === null || this.slot >= 0 ? held : (held as WeakRef<AnyAsyncGenerator>).deref();
    return (gen as AnyAsyncGenerator | null | undefined) ?? revive(this).gen;
  }
}

/**
 * A generator's side of its life: refers to the generator, and only that refers to it. Its
 * callbacks are made once, not at each step.
 */
export class Observer {
  gen!: AnyAsyncGenerator;

  constructor(readonly life: Life) {}

  readonly settled = (result: StepResult): StepResult | Step => settleResult(this, 'next', result);
  readonly failed = (error: unknown): Promise<never> => settleError(this, error);
}

/** Another generator over the same body: what it does is the life of the first, continued. */
export function revive(life: Life): Observer {
  const observer = new Observer(life);
  observer.gen = life.record.revive(life.body, observer);
  return observer;
}
