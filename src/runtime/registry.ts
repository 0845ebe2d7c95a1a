import { REGISTRY_KEY } from '../constants.js';
import type {
  AnyAsyncGenerator,
  AsyncGenHandle,
  AsyncGenHooks,
  AsyncGenStepName,
} from './types.js';

/** The hooks in force, by name, in the order in which they are called; `null` where there is none. */
export type HooksInForce = {
  readonly [Name in keyof AsyncGenHooks]: readonly NonNullable<AsyncGenHooks[Name]>[] | null;
};

export type StepResult = IteratorResult<unknown, unknown>;
export type Step = Promise<StepResult>;

/** What the hooks need of a generator function. */
export interface FunctionInfo {
  readonly name: string;
  /** `file:line:column` of the generator function. */
  readonly location: string | undefined;
  /** Whether its bodies are native generators. */
  readonly native: boolean;
  /** The next step starts the body of `link`, which finds it in `enter()`. */
  startNext(link: GeneratorLink): void;
  /** Takes one step of a body. */
  step(link: GeneratorLink, name: AsyncGenStepName, value: unknown): Step;
  /** Makes another generator over the body of `link`. */
  revive(link: GeneratorLink): AnyAsyncGenerator;
}

/**
 * What compiled code calls inside a body. Each takes time for each item, so an unwatched body has
 * one that does nothing: `QUIET`.
 */
export interface BodyCalls {
  /** The body is about to yield `value` (at `line` of its file); returns what to yield. */
  item(value: unknown, line?: number): unknown;
  /** It is about to delegate to `iterable` by `yield*`; returns what to delegate to. */
  from(iterable: unknown, line?: number): unknown;
  /** It is about to read `iterable` by `for await`; returns that. */
  over(iterable: unknown): unknown;
  /** It returns `value` by itself. */
  result(value?: unknown): unknown;
  /** It threw `error`. Returns whether to throw it again. */
  failed(error: unknown): boolean;
  /** It has ended. */
  ended(): void;
  /** `asyncGenSignal()` */
  signal(): AbortSignal;
}

/** What the shim's `next()` reads of a record; the class is private to each copy of the hooks API. */
export interface BodyRecord extends BodyCalls {
  /**
   * Whether a `next()` only has to be counted (by `ask`) and is the body's own otherwise: the body
   * is native and has started, and there is no `resume` hook.
   */
  readonly isPlain: boolean;
  /** Whether the first step was asked for. */
  readonly hasBegun: boolean;
  /** A `next()` was asked for. */
  ask(): void;
  /** The generator that reads from this one is asked to end, by `return()` or by `throw()`. */
  cancel(by: 'throw' | 'outer', reason: unknown): void;
  /** The body has started. Returns what it is to call. */
  enter(): BodyCalls;
  /** What hooks get to see of it; nothing of one that nobody watches. */
  readonly handle: AsyncGenHandle | undefined;
}

/** What leads from a generator to its body: the shim's. */
export interface GeneratorLink {
  readonly body: object;
  readonly fn: FunctionInfo;
  record: BodyRecord;
}

/**
 * One for each realm. Plain data and functions, since copies of other versions use it too.
 *
 * Compiled code needs the shim alone. What the hooks take comes with the hooks API, which puts its
 * functions here: who sets no hook does not load them.
 */
export interface Registry {
  /** What `setAsyncGenHooks` set, if it was called. */
  slot: AsyncGenHooks | undefined;
  /** What `addAsyncGenHooks` adds, oldest first. */
  readonly added: AsyncGenHooks[];
  /** Derived from the two above at each change; `null` while there is no hook at all. */
  inForce: HooksInForce | null;
  /** The hooks API's; while they are not here, no generator is wrapped. */
  api: RegistryApi | undefined;
  readonly clock: Clock;
  /** Each copy of the shim knows its own generators only. */
  readonly links: ((gen: unknown) => GeneratorLink | undefined)[];
}

/** What `setAsyncGenClock` keeps. It is read for each step, so `now` is no function. */
export interface Clock {
  /** What it was set to first; `undefined` before that. */
  origin: number | undefined;
  /**
   * How much later it is. A record keeps this one: since the epoch it would be no small integer, and
   * V8 would make a box of 16 bytes for it in each record.
   */
  now: number;
}

export interface RegistryApi {
  /** Calls the `init` hooks. */
  created(gen: AnyAsyncGenerator, link: GeneratorLink): void;
  /**
   * What `prepare` does, for the first `next()` over a native body that nobody has seen yet: the way
   * of nearly all generators, and so short that V8 puts it in line. Who calls it starts the body.
   */
  first(gen: AnyAsyncGenerator, link: GeneratorLink, value: unknown): Step | undefined;
  /**
   * Before any step of a watched generator that is not plain. The first one gives `link` its record
   * and calls the `firstiter` hooks.
   * @returns the step; `undefined` if it is to be the native one of the body.
   */
  prepare(
    gen: AnyAsyncGenerator,
    link: GeneratorLink,
    name: AsyncGenStepName,
    value: unknown,
  ): Step | undefined;
  /** Gives `link` a record without hooks, for a body that asks for its signal. */
  keepRecord(link: GeneratorLink): BodyRecord;
}

function openRegistry(): Registry {
  const key = Symbol.for(REGISTRY_KEY);
  const shared = (globalThis as Record<symbol, Registry | undefined>)[key];
  if (shared) return shared;
  // Each field is there from the start: what the program puts on Object.prototype is no hook. (An
  // object without a prototype would do, too, and V8 reads it slowly.)
  const registry: Registry = {
    slot: undefined,
    added: [],
    inForce: null,
    api: undefined,
    clock: { origin: undefined, now: 0 },
    links: [],
  };
  // Reflect.defineProperty: where globalThis is frozen it answers false, and this copy of the
  // package then works alone.
  Reflect.defineProperty(globalThis, key, {
    __proto__: null,
    value: registry,
  } as PropertyDescriptor);
  return registry;
}

export const registry: Registry = openRegistry();
