/** What every hook receives: the generator that the program holds. */
export interface AnyAsyncGenerator extends AsyncGenerator<unknown, unknown, unknown> {
  return(value?: unknown): Promise<IteratorResult<unknown, unknown>>;
}

/** Where a generator function stands in the source that the user wrote. */
export interface AsyncGenSite {
  /** The function's name in the source, as `Function.prototype.name` gives it; `''` if it has none. */
  readonly name: string;
  /** Path relative to the compiler's `cwd`, with `/`. Absent if compiled with `locations: false`. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 0-based, in UTF-16 code units. */
  readonly column?: number;
}

/** The `yield` that a suspended generator waits at. */
export interface AsyncGenPlace {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

/**
 * What a generator does, as CPython's `inspect.getasyncgenstate` has it, and `closing`:
 *
 * | state       | the generator                                                       |
 * |-------------|---------------------------------------------------------------------|
 * | `created`   | was called and not iterated                                         |
 * | `running`   | a step is pending                                                   |
 * | `suspended` | waits at a `yield` for the next step                                |
 * | `closing`   | a step is pending and `return()` was asked for, or has taken effect |
 * | `closed`    | has ended                                                           |
 */
export type AsyncGenState = 'created' | 'running' | 'suspended' | 'closing' | 'closed';

/**
 * Stands for one generator: the same object in every hook and from `getAsyncGenHandle()`, also for
 * the generator that `finalizer` gets when the program has dropped the first. It may be kept as a
 * key: it does not keep the generator from being found abandoned.
 */
export interface AsyncGenHandle {
  readonly site: AsyncGenSite;
  readonly state: AsyncGenState;
  /** Whether a `return()` was asked for, or has taken effect: a second one would cut off `finally`. */
  readonly isClosing: boolean;
  /** How many items the generator has given, those of `yield*` included. */
  readonly items: number;
  /** The `yield` that it is suspended at; `undefined` if it is not, or was compiled without locations. */
  readonly parked: AsyncGenPlace | undefined;
  /** What `setAsyncGenClock` said when the newest step had its turn. */
  readonly steppedAt: number;
  /** The same for the moment since when a pending step is waiting; `undefined` if none is pending. */
  readonly pendingSince: number | undefined;
  /**
   * The scope that owns it (`asyncgen-hooks/lifecycle`), if any. It is decided in the first step, and
   * not by the runtime.
   */
  owner: object | undefined;
  /**
   * What a tool keeps of it; whoever finds it `undefined` may set it. A Map costs many times as much.
   * The runtime itself neither sets nor reads it.
   */
  kept: object | undefined;
  /**
   * What each step is taken in, and so the body runs in. Set it in `init` or `firstiter`: it is read from
   * the first step on, and is `undefined` once the generator has ended. `resume` hooks are outside of it.
   */
  context: AsyncGenStepContext | undefined;
  /**
   * Aborts the generator's signal, and those of the generators that it reads from, as `return()`
   * does, and asks for no step.
   */
  abort(): void;
  /**
   * The generator. If the program has dropped it, another one over the same body; `undefined` if it
   * has ended and is gone.
   */
  generator(): AnyAsyncGenerator | undefined;
  /**
   * Takes a step as the generator's own method does, whatever the program has put in the place of
   * that method. `{ done: true }` if the generator has ended.
   */
  step(name: AsyncGenStepName, value?: unknown): Promise<IteratorResult<unknown, unknown>>;
}

/** Calls a function somewhere: Node's `AsyncResource` is one. */
export interface AsyncGenStepContext {
  /** Has to call `fn` once, before it returns, and to return what that gave. */
  runInAsyncScope<Self, Args extends unknown[], Result>(
    fn: (this: Self, ...args: Args) => Result,
    self: Self,
    ...args: Args
  ): Result;
}

/** How a generator ended. */
export type AsyncGenOutcome =
  | { readonly type: 'exhausted'; readonly value: unknown }
  | { readonly type: 'closed'; readonly value: unknown }
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'abandoned' };

export type AsyncGenStepName = 'next' | 'return' | 'throw';

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
  firstiter: ((gen: AnyAsyncGenerator, handle: AsyncGenHandle) => void) | null;
  /**
   * Called for each item before the consumer has it. What it returns replaces the item; `undefined`
   * keeps it; a thenable is awaited. What it throws is thrown at the `yield`, as `gen.throw()` would
   * throw it there.
   */
  iter: ((gen: AnyAsyncGenerator, value: unknown, handle: AsyncGenHandle) => unknown) | null;
  /**
   * Called exactly once for each generator that was iterated, synchronously where the body ends.
   * For `abandoned`, `gen` is a live generator over the same body: `gen.return()` runs its
   * `finally` blocks. What it throws is reported and never reaches the program.
   */
  finalizer:
    ((gen: AnyAsyncGenerator, outcome: AsyncGenOutcome, handle: AsyncGenHandle) => unknown) | null;
  /** Called when the generator function is called. If it throws, so does the call. */
  init: ((gen: AnyAsyncGenerator, handle: AsyncGenHandle) => void) | null;
  /**
   * Called around every step; must call `step()` once, before it returns, and return its result.
   * If it throws, the step rejects.
   */
  resume:
    | ((
        gen: AnyAsyncGenerator,
        step: AsyncGenStep,
        name: AsyncGenStepName,
        handle: AsyncGenHandle,
      ) => unknown)
    | null;
}
