import { registry, type Step, type StepName } from '../registry.js';
import type { AnyAsyncGenerator } from '../types.js';
import { AsyncGeneratorPrototype, hasIntrinsics } from './intrinsics.js';
import { State } from './state.js';

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
      // A bare body becomes its own quiet one: the next step finds a state.
      if (isObject(this)) new Generator(this, new State(this as never, undefined!, null));
      return step(this, undefined, 'next', value);
    }
    const { life } = state;
    if (life === null) return AsyncGeneratorPrototype.next.call(state.body, value);
    if (life && life.direct) {
      return AsyncGeneratorPrototype.next.call(state.body, value).then(life.settled, life.failed);
    }
    return step(this, state, 'next', value);
  }

  return(value?: unknown): Step {
    return step(this, Generator.stateOf(this), 'return', value);
  }

  throw(error?: unknown): Step {
    return step(this, Generator.stateOf(this), 'throw', error);
  }

  static stateOf(gen: unknown): State | undefined {
    if (!isObject(gen) || !(#state in gen)) return undefined;
    const state = (gen as Generator).#state;
    return (state.body as object) === gen ? undefined : state;
  }
}

/** Stands between a function's `prototype` and `%AsyncGeneratorPrototype%`. */
export const GeneratorPrototype: object = Generator.prototype;
delete (GeneratorPrototype as { constructor?: unknown }).constructor;
Object.setPrototypeOf(GeneratorPrototype, AsyncGeneratorPrototype);

registry.states.push(Generator.stateOf);

export const isObject = (value: unknown): value is object => Object(value) === value;

/**
 * Without a state it is a step of what is not ours: a bare body that was made before the hooks API
 * was loaded, or what is no async generator, which the native methods reject
 * (https://tc39.es/ecma262/#sec-asyncgenerator-prototype-next).
 */
function step(gen: object, state: State | undefined, name: StepName, value: unknown): Step {
  if (state === undefined) {
    return hasIntrinsics
      ? AsyncGeneratorPrototype[name].call(gen, value)
      : Promise.reject(new TypeError('no async generator'));
  }
  const { record } = state;
  if (state.life === undefined && registry.inForce === null) state.life = record.native && null;
  return state.life || state.life === undefined
    ? registry.step!(gen as AnyAsyncGenerator, state, name, value)
    : record.step(state.body, name, value);
}
