import { watch, whenDropped } from './abandoned.js';
import { AsyncGeneratorPrototype } from './intrinsics.js';
import { registry, type HooksInForce } from './registry.js';
import { reportHookError } from './report.js';
import {
  Life,
  State,
  type Body,
  type FunctionRecord,
  type StepName,
  type StepResult,
} from './state.js';
import { finish, hookedStep } from './steps.js';
import type { AnyAsyncGenerator, AsyncGenSite } from './types.js';

const NO_HOOKS: HooksInForce = {
  firstiter: null,
  iter: null,
  finalizer: null,
  init: null,
  resume: null,
};

/** Lets a class put its private field on an object that it did not make. */
const Stamp = function (object: object) {
  return object;
} as unknown as new (object: object) => object;

/**
 * The generator that the program holds. `next`, `return` and `throw` reject, as the native ones
 * do, when called on something else (https://tc39.es/ecma262/#sec-asyncgenerator-prototype-next).
 */
class Generator extends Stamp {
  #state: State;

  constructor(object: object, state: State) {
    super(object);
    this.#state = state;
  }

  next(value?: unknown): Promise<StepResult> {
    // `#state in this` would be a second slow look-up: see State.
    let state;
    try {
      state = this.#state;
    } catch {
      return incompatible('next');
    }
    return state.life === null || startQuietly(state)
      ? AsyncGeneratorPrototype.next.call(state.body, value)
      : step(this, state, 'next', value);
  }

  return(value?: unknown): Promise<StepResult> {
    let state;
    try {
      state = this.#state;
    } catch {
      return incompatible('return');
    }
    return state.life === null || startQuietly(state)
      ? AsyncGeneratorPrototype.return.call(state.body, value)
      : step(this, state, 'return', value);
  }

  throw(error?: unknown): Promise<StepResult> {
    let state;
    try {
      state = this.#state;
    } catch {
      return incompatible('throw');
    }
    return state.life === null || startQuietly(state)
      ? AsyncGeneratorPrototype.throw.call(state.body, error)
      : step(this, state, 'throw', error);
  }

  static describe(gen: unknown): AsyncGenSite | undefined {
    return isObject(gen) && #state in gen ? (gen as Generator).#state.record.site : undefined;
  }
}

/** Stands between a function's `prototype` and `%AsyncGeneratorPrototype%`. */
export const GeneratorPrototype: object = Generator.prototype;
Reflect.deleteProperty(GeneratorPrototype, 'constructor');
Object.setPrototypeOf(GeneratorPrototype, AsyncGeneratorPrototype);

const { describe } = Generator;
registry.describers.push(describe);

const incompatible = (name: StepName): Promise<never> =>
  Promise.reject(
    new TypeError(
      `asyncgen-hooks/runtime: ${name}(), its receiver is not an async generator. ` +
        'Call it as a method of what the generator function returned.',
    ),
  );

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** Wraps `body` into a generator and calls the `init` hooks. */
export function createGenerator(body: Body, record: FunctionRecord): AnyAsyncGenerator {
  const gen = wrapState(new State(body, record));
  const hooks = registry.inForce;
  if (hooks !== null && hooks.init !== null) for (const hook of hooks.init) hook(gen);
  return gen;
}

function wrapState(state: State): AnyAsyncGenerator {
  const { record } = state;
  const prototype = record.fn === undefined ? GeneratorPrototype : record.fn.prototype;
  const object =
    prototype === record.prototype
      ? Object.create(prototype as object)
      : createFrom(prototype, record);
  return new Generator(object, state) as unknown as AnyAsyncGenerator;
}

/**
 * The first call of a function, or the first after its `prototype` was replaced: our methods have
 * to stand before the native ones. One that is no object gives the default
 * (https://tc39.es/ecma262/#sec-getprototypefromconstructor); one that is frozen stays, and its
 * generators carry the methods.
 */
function createFrom(prototype: unknown, record: FunctionRecord): object {
  if (!isObject(prototype)) return Object.create(GeneratorPrototype);
  const isFresh = Object.getPrototypeOf(prototype) === AsyncGeneratorPrototype;
  if (isFresh) Reflect.setPrototypeOf(prototype, GeneratorPrototype);
  const isNative = (prototype as Partial<Body>).next === AsyncGeneratorPrototype.next;
  if (isNative) {
    const methods = Object.getOwnPropertyDescriptors(GeneratorPrototype);
    return Object.create(prototype, methods);
  }
  record.prototype = prototype;
  return Object.create(prototype);
}

/** The first step of a generator that no hook waits for. */
const startQuietly = (state: State): boolean =>
  state.life === undefined && registry.inForce === null && state.record.native
    ? ((state.life = null), true)
    : false;

function step(gen: object, state: State, name: StepName, value: unknown): Promise<StepResult> {
  const generator = gen as AnyAsyncGenerator;
  if (state.life === undefined) {
    try {
      begin(generator, state);
    } catch (error) {
      return Promise.reject(error);
    }
  }
  const { life } = state;
  return life
    ? hookedStep(generator, state, life, name, value)
    : AsyncGeneratorPrototype[name].call(state.body, value);
}

/** The first step: reads the hooks that hold for this generator's life and calls `firstiter`. */
function begin(gen: AnyAsyncGenerator, state: State): void {
  const hooks = registry.inForce ?? NO_HOOKS;
  const quiet = hooks.iter === null && hooks.finalizer === null && hooks.resume === null;
  const life = quiet && state.record.native ? null : new Life(hooks);
  state.life = life;
  if (life !== null && hooks.finalizer !== null) watch(gen, state, life);
  if (hooks.firstiter === null) return;
  const errors: unknown[] = [];
  for (const hook of hooks.firstiter) {
    try {
      hook(gen);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length === 0) return;
  for (const error of errors.slice(1)) reportHookError('firstiter', state.record.site, error);
  throw errors[0];
}

// A second generator over the same state: what it does is the life of the first, continued.
whenDropped((state, life) => finish(wrapState(state), state, life, { type: 'abandoned' }));
