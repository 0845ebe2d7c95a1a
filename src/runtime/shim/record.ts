import {
  registry,
  type GeneratorFunctionRecord,
  type Step,
  type StepName,
  type StepObserver,
} from '../registry.js';
import type { AnyAsyncGenerator } from '../types.js';
import { Generator, GeneratorPrototype, isObject } from './generator.js';
import { AsyncGeneratorPrototype } from './intrinsics.js';
import { State, type Body } from './state.js';

/** A function as the shim deals with it. */
export type Fn = ((this: unknown, ...args: unknown[]) => unknown) & { prototype: unknown };

const NONE_YET = {};

/** One for each evaluation of a generator function; shared by its generators. */
export class FunctionRecord implements GeneratorFunctionRecord {
  /** The `prototype` of the function as of the last call, once it leads to our methods. */
  #prototype: object = NONE_YET;
  /** Makes objects of that prototype: V8 is faster at `new` than at `Object.create`. */
  #Made: new () => object = NONE_YET as never;

  constructor(
    /** The visible function; none if the generator function is called where it stands. */
    readonly fn: Fn | undefined,
    /** What it calls. A proxy stands for it; a function of a hoisted pair shares its `prototype`. */
    readonly inner: Fn | undefined,
    readonly location: string | undefined,
    readonly native: boolean,
    readonly givenName?: string,
  ) {}

  get name(): string {
    return this.givenName ?? String(this.fn!.name);
  }

  /**
   * What a call of the function answers for `body`: until the hooks API is loaded, a native body
   * itself.
   */
  answer(body: Body): AnyAsyncGenerator {
    if (
      registry.step === undefined &&
      this.native &&
      this.fn?.prototype === this.inner?.prototype
    ) {
      return body as unknown as AnyAsyncGenerator;
    }
    const gen = this.#wrap(new State(body, this));
    const hooks = registry.inForce;
    if (hooks !== null && hooks.init !== null) for (const hook of hooks.init) hook(gen);
    return gen;
  }

  revive(body: Body, life: StepObserver): AnyAsyncGenerator {
    return this.#wrap(new State(body, this, life));
  }

  step(body: Body, name: StepName, value: unknown): Step {
    // Native methods are looked up where a native generator finds them.
    if (this.native) return AsyncGeneratorPrototype[name].call(body, value);
    try {
      return Promise.resolve(body[name](value));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #wrap(state: State): AnyAsyncGenerator {
    let object;
    if (this.fn === undefined) object = Object.create(GeneratorPrototype);
    else {
      const { prototype } = this.fn;
      object = prototype === this.#prototype ? new this.#Made() : this.#firstOf(prototype);
    }
    return new Generator(object, state) as unknown as AnyAsyncGenerator;
  }

  /**
   * The first call of a function, or the first after its `prototype` was replaced: our methods
   * have to stand before the native ones. Where the prototype is not to be changed (it is frozen,
   * or it is the default that takes the place of what is no object, see
   * https://tc39.es/ecma262/#sec-getprototypefromconstructor), the generator carries the methods.
   */
  #firstOf(prototype: unknown): object {
    if (!isObject(prototype)) return this.#firstOf(AsyncGeneratorPrototype);
    if (Object.getPrototypeOf(prototype) === AsyncGeneratorPrototype) {
      Reflect.setPrototypeOf(prototype, GeneratorPrototype);
    }
    if ((prototype as Partial<Body>).next === AsyncGeneratorPrototype.next) {
      return Object.create(prototype, Object.getOwnPropertyDescriptors(GeneratorPrototype));
    }
    this.#prototype = prototype;
    const Made = function () {} as unknown as new () => object;
    Made.prototype = prototype;
    this.#Made = Made;
    return new Made();
  }
}
