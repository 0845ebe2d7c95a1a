import {
  registry,
  type GeneratorFunctionRecord,
  type HooksInForce,
  type Step,
  type StepName,
  type StepObserver,
  type StepResult,
} from '../registry.js';
import type { AnyAsyncGenerator, AsyncGenHandle, AsyncGenSite } from '../types.js';
import { siteOf } from './report.js';
import { settleError, settleResult } from './settle.js';
import type { Place } from './place.js';

/**
 * What the hooks keep of one generator. It never refers to the generator itself, once that is not
 * young any more: the registry for garbage holds the life, and the generator has to be free to die.
 */
export class Life implements AsyncGenHandle {
  declare readonly body: object;
  declare readonly record: GeneratorFunctionRecord;
  declare readonly hooks: HooksInForce;
  /** The `finalizer` hooks have been called, or are not to be. */
  declare finished: boolean;
  /** A `return()` met a `yield` in a `finally` block; the end that follows is its doing. */
  declare closing: boolean;
  /** An `iter` hook failed and the body was closed: later items are not the program's any more. */
  declare aborted: boolean;
  /** Settles when the step whose `iter` hook is still at work has settled. */
  declare slow: Promise<unknown> | null;
  /** Of the newest step, while a `resume` hook could let a later one overtake it. */
  declare newest: Place | null;
  /** The generator: while it is young (see `watch`), then weakly. */
  declare held: AnyAsyncGenerator | WeakRef<AnyAsyncGenerator> | null;
  /** Its place among the young; negative if it is none of them. */
  declare slot: number;

  /** The hooks are read once, in the first step, as CPython does (`async_gen_init_hooks`). */
  constructor(body: object, record: GeneratorFunctionRecord, hooks: HooksInForce) {
    this.body = body;
    this.record = record;
    this.hooks = hooks;
    this.finished = false;
    this.closing = false;
    this.aborted = false;
    this.slow = null;
    this.newest = null;
    this.held = null;
    this.slot = -1;
  }

  get site(): AsyncGenSite {
    return siteOf(this.record);
  }

  generator(): AnyAsyncGenerator {
    const { held } = this;
    const gen =
      held === null || this.slot >= 0 ? held : (held as WeakRef<AnyAsyncGenerator>).deref();
    return (gen as AnyAsyncGenerator | null | undefined) ?? revive(this).gen;
  }

  step(name: StepName, value?: unknown): Step {
    const gen = this.generator();
    // Not `gen[name]`: libraries put a `return` of their own on generators (graphql-ws), and that
    // need not reach the body.
    const states = registry.states.map((stateOf) => stateOf(gen));
    return registry.step!(
      gen,
      states.find((state) => state !== undefined)!,
      name,
      value,
    );
  }
}

/**
 * A generator's side of its life: refers to the generator, and only that refers to it. Its
 * callbacks are made once, not at each step.
 */
export class Observer implements StepObserver {
  declare gen: AnyAsyncGenerator;
  declare readonly life: Life;
  /**
   * The latest step that left its place at once. Not kept in the life: its value may refer to the
   * generator.
   */
  declare last: Step | null;
  declare readonly direct: boolean;
  declare readonly settled: (result: StepResult) => StepResult | Step;
  declare readonly failed: (error: unknown) => Promise<never>;

  constructor(life: Life) {
    this.gen = undefined!;
    this.life = life;
    this.last = null;
    this.direct = life.hooks.resume === null && life.record.native;
    this.settled = (result) => settleResult(this, 'next', result);
    this.failed = (error) => settleError(this, error);
  }
}

/** Another generator over the same body: what it does is the life of the first, continued. */
export function revive(life: Life): Observer {
  const observer = new Observer(life);
  observer.gen = life.record.revive(life.body, observer);
  // Who asks for it again gets the same one.
  if (typeof WeakRef === 'function') life.held = new WeakRef(observer.gen);
  return observer;
}
