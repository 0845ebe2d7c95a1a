/** What every hook receives: the generator that the program holds. */
export interface AnyAsyncGenerator extends AsyncGenerator<unknown, unknown, unknown> {
  return(value?: unknown): Promise<IteratorResult<unknown, unknown>>;
}

/** Where a generator function stands in the source that the plugin read. */
export interface AsyncGenSite {
  /** The function's name, as `Function.prototype.name` gives it; `''` if it has none. */
  readonly name: string;
  /** Path relative to Babel's `cwd`, with `/`. Absent where the plugin ran with `locations: false`. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 0-based, in UTF-16 code units. */
  readonly column?: number;
}

/**
 * Stands for a generator whose first step met hooks, and does not keep it from being found
 * abandoned. The generator given to `finalizer` as abandoned has the handle of the one that was
 * dropped.
 */
export interface AsyncGenHandle {
  readonly site: AsyncGenSite;
  /** The generator; if the program dropped it, or it has finished, maybe another one over the same body. */
  generator(): AnyAsyncGenerator;
  /**
   * Takes a step as the generator's own method does, hooks included, whatever the program has put
   * in the place of that method.
   */
  step(
    name: 'next' | 'return' | 'throw',
    value?: unknown,
  ): Promise<IteratorResult<unknown, unknown>>;
}

/** How the life of a generator ended. */
export type AsyncGenOutcome =
  | { readonly type: 'exhausted'; readonly value: unknown }
  | { readonly type: 'closed'; readonly value: unknown }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'abandoned' };

/** One call of `next`, `return` or `throw`, handed to the `resume` hook. */
export type AsyncGenStep = () => Promise<IteratorResult<unknown, unknown>>;

/**
 * The hooks. Each is optional; `null` means "none".
 *
 * Modelled on Python's `sys.set_asyncgen_hooks` (PEP 525); `iter`, `init` and `resume` have no
 * counterpart there.
 */
export interface AsyncGenHooks {
  /**
   * Called once, synchronously, in the first step (whichever it is), before the body runs.
   * If it throws, that step rejects; it is not retried and the generator stays usable.
   */
  firstiter: ((gen: AnyAsyncGenerator) => void) | null;
  /**
   * Called for each `{done: false}` result before the consumer has it. What it returns replaces
   * the value; `undefined` keeps it; a thenable is awaited. If it throws, the body is closed and
   * the step rejects.
   */
  iter: ((gen: AnyAsyncGenerator, value: unknown) => unknown) | null;
  /**
   * Called exactly once for each generator that was iterated. For `abandoned`, `gen` is a live
   * generator over the same body: `gen.return()` runs the `finally` blocks. What it throws is
   * reported and never reaches the program.
   */
  finalizer: ((gen: AnyAsyncGenerator, outcome: AsyncGenOutcome) => unknown) | null;
  /** Called when the generator function is called. If it throws, so does the call. */
  init: ((gen: AnyAsyncGenerator) => void) | null;
  /**
   * Called around every step, whose name is given last; must call `step()` once, before it returns,
   * and return its result.
   * If it throws, the step rejects.
   */
  resume:
    | ((gen: AnyAsyncGenerator, step: AsyncGenStep, name: 'next' | 'return' | 'throw') => unknown)
    | null;
}
