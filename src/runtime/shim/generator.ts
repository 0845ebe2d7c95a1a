import { registry, type Step, type StepName } from '../registry.js';
import type { AnyAsyncGenerator } from '../types.js';
import { AsyncGeneratorPrototype } from './intrinsics.js';
import { State, type Body, type FunctionRecord } from './state.js';

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

  next(value?: unknown): Step {
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

  return(value?: unknown): Step {
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

  throw(error?: unknown): Step {
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

  static stateOf(gen: unknown): State | undefined {
    return isObject(gen) && #state in gen ? (gen as Generator).#state : undefined;
  }
}

/** Stands between a function's `prototype` and `%AsyncGeneratorPrototype%`. */
export const GeneratorPrototype: object = Generator.prototype;
Reflect.deleteProperty(GeneratorPrototype, 'constructor');
Object.setPrototypeOf(GeneratorPrototype, AsyncGeneratorPrototype);

registry.states.push(Generator.stateOf);

const incompatible = (name: StepName): Promise<never> =>
  Promise.reject(new TypeError(`${name}() was called on what is not an async generator`));

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/** Wraps `body` into a generator and calls the `init` hooks. */
export function createGenerator(body: Body, record: FunctionRecord): AnyAsyncGenerator {
  const gen = new OwnState(body, record).revive();
  const hooks = registry.inForce;
  if (hooks !== null && hooks.init !== null) for (const hook of hooks.init) hook(gen);
  return gen;
}

class OwnState extends State {
  override revive(): AnyAsyncGenerator {
    const { record } = this;
    const prototype = record.fn === undefined ? GeneratorPrototype : record.fn.prototype;
    const object =
      prototype === record.prototype
        ? Object.create(prototype as object)
        : createFrom(prototype, record);
    return new Generator(object, this) as unknown as AnyAsyncGenerator;
  }
}

/**
 * The first call of a function, or the first after its `prototype` was replaced: our methods have
 * to stand before the native ones. Where the prototype is not to be changed (it is frozen, or it
 * is the default that takes the place of what is no object, see
 * https://tc39.es/ecma262/#sec-getprototypefromconstructor), the generator carries the methods.
 */
function createFrom(prototype: unknown, record: FunctionRecord): object {
  if (!isObject(prototype)) return createFrom(AsyncGeneratorPrototype, record);
  if (Object.getPrototypeOf(prototype) === AsyncGeneratorPrototype) {
    Reflect.setPrototypeOf(prototype, GeneratorPrototype);
  }
  if ((prototype as Partial<Body>).next === AsyncGeneratorPrototype.next) {
    return Object.create(prototype, Object.getOwnPropertyDescriptors(GeneratorPrototype));
  }
  record.prototype = prototype;
  return Object.create(prototype);
}

/** The first step of a generator that no hook waits for. */
const startQuietly = (state: State): boolean =>
  state.life === undefined && registry.inForce === null && state.record.native
    ? ((state.life = null), true)
    : false;

/** Any step but that of a quiet generator. */
function step(gen: object, state: State, name: StepName, value: unknown): Step {
  if (state.life === undefined && registry.inForce === null) state.quiet();
  return state.life === false
    ? state.step(name, value)
    : registry.step!(gen as AnyAsyncGenerator, state, name, value);
}
