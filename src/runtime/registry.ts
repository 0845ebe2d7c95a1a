import { REGISTRY_KEY } from '../constants.js';
import type { AnyAsyncGenerator, AsyncGenHooks } from './types.js';

/** The hooks in force, by name, in the order in which they are called; `null` where there is none. */
export type HooksInForce = {
  readonly [Name in keyof AsyncGenHooks]: readonly NonNullable<AsyncGenHooks[Name]>[] | null;
};

export type StepName = 'next' | 'return' | 'throw';
export type StepResult = IteratorResult<unknown, unknown>;
export type Step = Promise<StepResult>;

/** What the hooks need of a generator function. */
export interface GeneratorFunctionRecord {
  readonly name: string;
  /** `file:line:column` of the generator function. */
  readonly location: string | undefined;
  /** Whether its bodies are native generators. */
  readonly native: boolean;
  /** Takes one step of a body. */
  step(body: object, name: StepName, value: unknown): Step;
  /** Makes another generator over the same body. */
  revive(body: object, life: StepObserver): AnyAsyncGenerator;
}

/** What the hooks keep of a generator whose steps they see. */
export interface StepObserver {
  /** Whether a `next` step needs no more than the callbacks: a native body, no `resume` hook. */
  readonly direct: boolean;
  readonly settled: (result: StepResult) => StepResult | Step;
  readonly failed: (error: unknown) => Promise<never>;
}

/** What the hooks need of a generator. */
export interface GeneratorState {
  /**
   * `undefined` until the first step; then what the hooks keep of this generator, or `null` or
   * `false` if no hook waits for its steps.
   */
  life: StepObserver | null | false | undefined;
  readonly body: object;
  readonly record: GeneratorFunctionRecord;
}

/**
 * One for each realm. Plain data and functions, since copies of other versions use it too.
 *
 * Compiled code needs the shim alone. What the hooks take comes with the hooks API, which puts it
 * here: who sets no hook does not load it.
 */
export interface Registry {
  /** What `setAsyncGenHooks` set, if it was called. */
  slot?: AsyncGenHooks;
  /** What `addAsyncGenHooks` adds, oldest first. */
  readonly added: AsyncGenHooks[];
  /** Derived from the two above at each change; `null` while there is no hook at all. */
  inForce: HooksInForce | null;
  /**
   * A step of a generator whose first step met hooks, or meets them now. As long as the hooks API
   * is not loaded it is not here, and nothing is wrapped.
   */
  step?: (gen: AnyAsyncGenerator, state: GeneratorState, name: StepName, value: unknown) => Step;
  /** Each copy of the shim knows its own generators only. */
  readonly states: ((gen: unknown) => GeneratorState | undefined)[];
}

function openRegistry(): Registry {
  const key = Symbol.for(REGISTRY_KEY);
  const shared = (globalThis as Record<symbol, Registry | undefined>)[key];
  if (shared) return shared;
  // It inherits nothing: what the program puts on Object.prototype is no hook and no `step`.
  const registry = Object.assign(Object.create(null) as Registry, {
    added: [],
    inForce: null,
    states: [],
  });
  // Reflect.defineProperty: where globalThis is frozen it answers false, and this copy of the
  // package then works alone.
  Reflect.defineProperty(globalThis, key, {
    __proto__: null,
    value: registry,
  } as PropertyDescriptor);
  return registry;
}

export const registry: Registry = openRegistry();
