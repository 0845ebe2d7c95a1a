import type { GeneratorState, HooksInForce } from '../registry.js';
import type { AnyAsyncGenerator, AsyncGenHandle, AsyncGenSite } from '../types.js';
import { siteOf } from './report.js';

/** What the hooks keep of one generator. */
export class Life implements AsyncGenHandle {
  /** The `finalizer` hooks have been called, or are not to be. */
  finished = false;
  /** A `return()` met a `yield` in a `finally` block; the end that follows is its doing. */
  closing = false;
  /** An `iter` hook failed and the body was closed: later items are not the program's any more. */
  aborted = false;
  /** Settles when the step whose `iter` hook is still at work has settled. */
  slow: Promise<unknown> | null = null;
  /** Settles behind the newest step; kept only while a `resume` hook could let a later one overtake it. */
  newest: Promise<unknown> | null = null;
  /** The generator, while it is young; see `watch`. */
  young: AnyAsyncGenerator | null = null;
  /** Its place among the young. */
  slot = -1;
  /** The generator, once it outlived a collection of garbage. */
  old: WeakRef<AnyAsyncGenerator> | null = null;

  /** The hooks are read once, in the first step, as CPython does (`async_gen_init_hooks`). */
  constructor(
    readonly state: GeneratorState,
    readonly hooks: HooksInForce,
  ) {}

  get site(): AsyncGenSite {
    return siteOf(this.state);
  }

  generator(): AnyAsyncGenerator {
    return this.young ?? this.old?.deref() ?? this.state.revive();
  }
}
