import type { GeneratorState, HooksInForce } from '../registry.js';

/** What the hooks keep of one generator. */
export class Life {
  /** The `finalizer` hooks have been called, or are not to be. */
  finished = false;
  /** A `return()` met a `yield` in a `finally` block; the end that follows is its doing. */
  closing = false;
  /** An `iter` hook failed and the body was closed: later items are not the program's any more. */
  aborted = false;
  /** Settles when the step whose `iter` hook is still at work has settled. */
  slow: Promise<unknown> | null = null;
  /** The newest step, kept only while a `resume` hook could let a later one overtake it. */
  newest: Promise<unknown> | null = null;
  /** Place among the young generators, or -1. */
  slot = -1;

  /** The hooks are read once, in the first step, as CPython does (`async_gen_init_hooks`). */
  constructor(
    readonly state: GeneratorState,
    readonly hooks: HooksInForce,
  ) {}
}
