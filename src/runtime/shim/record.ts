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

/**
 * One for each evaluation of a generator function; shared by its generators. Where a proxy stands
 * for the function, this is its handler.
 */
export class FunctionRecord implements GeneratorFunctionRecord, ProxyHandler<Fn> {
  /** The `prototype` that bodies get by themselves. */
  readonly #own: unknown;
  /**
   * The `prototype` of the function as of the last call, once it leads to our methods; until then
   * what can be nobody's.
   */
  #prototype: object = this;
  /** Makes objects of that prototype: V8 is faster at `new` than at `Object.create`. */
  #Made!: new () => object;

  /** The visible function; none if the generator function is called where it stands. */
  readonly #fn: Fn | undefined;
  readonly #name: string | undefined;

  constructor(
    fn: Fn | undefined,
    readonly location: string | undefined,
    readonly native: boolean,
    name?: string,
  ) {
    this.#fn = fn;
    this.#own = fn?.prototype;
    this.#name = name;
  }

  get name(): string {
    return this.#name ?? String(this.#fn!.name);
  }

  apply(inner: Fn, self: unknown, args: unknown[]): unknown {
    const body = Reflect.apply(inner, self, args) as Body;
    // A computed key may have put another function where a lowered method was.
    if (!this.native && typeof body?.next !== 'function') return body;
    return this.answer(body);
  }

  /** Only a lowered function has [[Construct]]. */
  construct(): never {
    throw new TypeError(`${this.name} is not a constructor`);
  }

  /**
   * What a call of the function answers for `body`: until the hooks API is loaded, a native body
   * itself.
   */
  answer(body: Body): AnyAsyncGenerator {
    if (!registry.step && this.native && this.#fn?.prototype === this.#own) {
      return body as unknown as AnyAsyncGenerator;
    }
    const gen = this.#wrap(new State(body, this));
    registry.inForce?.init?.forEach((hook) => hook(gen));
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
    const prototype = this.#fn === undefined ? GeneratorPrototype : this.#fn.prototype;
    const object = prototype === this.#prototype ? new this.#Made() : this.#firstOf(prototype);
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
    this.#Made = function () {} as never;
    this.#prototype = this.#Made.prototype = prototype;
    return Object.create(prototype);
  }
}
