import { registry, type FunctionInfo, type Step } from '../registry.js';
import type { AnyAsyncGenerator, AsyncGenStepName } from '../types.js';
import { NOT_BEGUN, startNext } from './body.js';
import { Generator, GENERATOR_METHODS, isObject } from './generator.js';
import { AsyncGeneratorPrototype } from './intrinsics.js';
import { Link, type Body } from './link.js';
import { textOf } from './text.js';

/** A function as the shim deals with it. */
export type Fn = ((this: unknown, ...args: unknown[]) => unknown) & { prototype: unknown };

/**
 * One for each evaluation of a generator function; shared by its generators. Where a proxy stands
 * for the function, this is its handler.
 */
export class FunctionRecord implements FunctionInfo, ProxyHandler<Fn> {
  /** The `prototype` that the function came with, and that its bodies have. */
  #own: unknown;
  /**
   * The `prototype` of the function as of the last call, once it has our methods; until then what
   * can be nobody's.
   */
  #prototype: object = this;
  /** Makes objects of that prototype: V8 is faster at `new` than at `Object.create`. */
  #Made!: new () => object;

  /** The visible function; none if the generator function is called where it stands. */
  readonly #fn: Fn | undefined;
  readonly #name: string | undefined;

  /** The proxy, where one stands for the function. */
  visible: Fn | undefined;
  /** The name in the function's own text, if that is not the one in the source. */
  own: string | undefined;
  /** `toString()` of the proxy, once somebody asked for it. */
  #toString: (() => string) | undefined;

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

  /**
   * `Function.prototype.toString` has no text for a proxy, so this one brings its own. What the
   * program puts around it or makes of it has none, as natively.
   */
  get(inner: Fn, key: PropertyKey, receiver: unknown): unknown {
    const value: unknown = Reflect.get(inner, key, receiver);
    if (key !== 'toString' || value !== Function.prototype.toString) return value;
    if (receiver !== this.visible) return value;
    if (this.#toString === undefined) {
      const toString = (): string => textOf(inner, this.own, inner.name);
      this.#toString = toString;
    }
    return this.#toString;
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
    if (!registry.api && this.native && this.#fn?.prototype === this.#own) {
      return body as unknown as AnyAsyncGenerator;
    }
    const link = new Link(body, this, NOT_BEGUN);
    const gen = this.wrap(link);
    if (registry.inForce !== null && registry.inForce.init !== null)
      registry.api!.created(gen, link);
    return gen;
  }

  revive(link: Link): AnyAsyncGenerator {
    return this.wrap(link);
  }

  startNext(link: Link): void {
    startNext(link);
  }

  step({ body }: Link, name: AsyncGenStepName, value: unknown): Step {
    // Native methods are looked up where a native generator finds them.
    if (this.native) return AsyncGeneratorPrototype[name].call(body, value);
    try {
      return Promise.resolve(body[name](value));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  private wrap(link: Link): AnyAsyncGenerator {
    const fn = this.#fn;
    const prototype = fn === undefined ? this.prototypeOf(link.body) : fn.prototype;
    const object = prototype === this.#prototype ? new this.#Made() : this.firstOf(prototype);
    return new Generator(object, link) as unknown as AnyAsyncGenerator;
  }

  /** Of a function that was called where it stands. */
  private prototypeOf(body: Body): unknown {
    return (this.#own ??= this.native
      ? Object.getPrototypeOf(body)
      : Object.create(AsyncGeneratorPrototype));
  }

  /**
   * The first call of a function, or the first after its `prototype` was replaced: our methods have
   * to be found before the native ones. The `prototype` that the function came with carries them,
   * so that a generator has as many prototypes as natively. Any other object is not ours to change
   * (nor the default that takes the place of what is no object, see
   * https://tc39.es/ecma262/#sec-getprototypefromconstructor): there each generator carries them.
   */
  private firstOf(given: unknown): object {
    const prototype = isObject(given) ? given : AsyncGeneratorPrototype;
    const isNative = (): boolean => (prototype as Body).next === AsyncGeneratorPrototype.next;
    if (prototype === this.#own && isNative() && Object.isExtensible(prototype))
      Object.defineProperties(prototype, GENERATOR_METHODS);
    if (isNative()) return Object.create(prototype, GENERATOR_METHODS);
    this.#Made = function () {} as never;
    this.#prototype = this.#Made.prototype = prototype;
    return Object.create(prototype);
  }
}
