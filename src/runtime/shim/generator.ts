import { registry, type Step, type StepName } from '../registry.js';
import type { AnyAsyncGenerator } from '../types.js';
import { AsyncGeneratorPrototype, hasIntrinsics } from './intrinsics.js';
import { State, type Body } from './state.js';

/** Lets a class put its private field on an object that it did not make. */
const Stamp = function (object: object) {
  return object;
} as unknown as new (object: object) => object;

/** The generator that the program holds. */
export class Generator extends Stamp {
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
      return foreignStep(this, 'next', value);
    }
    const { life } = state;
    if (life === null) return AsyncGeneratorPrototype.next.call(state.body, value);
    if (life && life.direct) {
      return AsyncGeneratorPrototype.next.call(state.body, value).then(life.settled, life.failed);
    }
    return step(this, state, 'next', value);
  }

  return(value?: unknown): Step {
    let state;
    try {
      state = this.#state;
    } catch {
      return foreignStep(this, 'return', value);
    }
    return step(this, state, 'return', value);
  }

  throw(error?: unknown): Step {
    let state;
    try {
      state = this.#state;
    } catch {
      return foreignStep(this, 'throw', error);
    }
    return step(this, state, 'throw', error);
  }

  static stateOf(gen: unknown): State | undefined {
    if (!isObject(gen) || !(#state in gen)) return undefined;
    const state = (gen as Generator).#state;
    return (state.body as object) === gen ? undefined : state;
  }
}

/** Stands between a function's `prototype` and `%AsyncGeneratorPrototype%`. */
export const GeneratorPrototype: object = Generator.prototype;
Reflect.deleteProperty(GeneratorPrototype, 'constructor');
Object.setPrototypeOf(GeneratorPrototype, AsyncGeneratorPrototype);

registry.states.push(Generator.stateOf);

export const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function';

/**
 * A step of what is not ours: a bare body that was made before the hooks API was loaded, or what
 * is no async generator, which the native methods reject
 * (https://tc39.es/ecma262/#sec-asyncgenerator-prototype-next). It becomes its own quiet body, so
 * that the next step finds a state.
 */
function foreignStep(gen: unknown, name: StepName, value: unknown): Step {
  if (!hasIntrinsics) {
    return Promise.reject(new TypeError(`${name}() was called on what is not an async generator`));
  }
  if (isObject(gen)) new Generator(gen, new State(gen as Body, undefined as never, null));
  return AsyncGeneratorPrototype[name].call(gen, value);
}

function step(gen: object, state: State, name: StepName, value: unknown): Step {
  const { body, record } = state;
  if (state.life === undefined && registry.inForce === null) state.life = record.native && null;
  if (state.life === null) return AsyncGeneratorPrototype[name].call(body, value);
  return state.life === false
    ? record.step(body, name, value)
    : registry.step!(gen as AnyAsyncGenerator, state, name, value);
}
