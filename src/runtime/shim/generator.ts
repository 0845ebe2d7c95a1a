import { registry, type Step } from '../registry.js';
import type { AnyAsyncGenerator, AsyncGenStepName } from '../types.js';
import { NOT_BEGUN, QUIET, QUIET_LOWERED, startNext } from './body.js';
import { AsyncGeneratorPrototype, hasIntrinsics } from './intrinsics.js';
import { Link } from './link.js';

/** Lets a class put its private field on an object that it did not make. */
const Stamp = function (object: object) {
  return object;
} as unknown as new (object: object) => object;

/**
 * The generator that the program holds. A step calls the native method from its own frame: through
 * `yield*`, generators are as deep in each other as the stack allows.
 */
export class Generator extends Stamp {
  #link: Link;

  constructor(object: object, link: Link) {
    super(object);
    this.#link = link;
  }

  next(value?: unknown): Step {
    const link = Generator.find(this);
    if (link === undefined) return foreignStep(this, 'next', value);
    const { record } = link;
    if (record.isPlain) record.ask();
    else if (record !== QUIET) {
      const isFirst = record === NOT_BEGUN && link.fn.native;
      const step = isFirst ? first(this, link, value) : prepare(this, link, 'next', value);
      if (step !== undefined) return step;
    }
    return AsyncGeneratorPrototype.next.call(link.body, value);
  }

  return(value?: unknown): Step {
    const link = Generator.linkOf(this);
    if (link === undefined) return foreignStep(this, 'return', value);
    const step = prepare(this, link, 'return', value);
    return step ?? AsyncGeneratorPrototype.return.call(link.body, value);
  }

  throw(error?: unknown): Step {
    const link = Generator.linkOf(this);
    if (link === undefined) return foreignStep(this, 'throw', error);
    const step = prepare(this, link, 'throw', error);
    return step ?? AsyncGeneratorPrototype.throw.call(link.body, error);
  }

  static find(gen: Generator): Link | undefined {
    // `#link in gen` would be a second slow look-up: see Link.
    try {
      return gen.#link;
    } catch {
      // A bare body becomes its own quiet generator: the next step finds a link.
      if (isObject(gen)) new Generator(gen, new Link(gen as never, undefined!, QUIET));
      return undefined;
    }
  }

  static linkOf(gen: unknown): Link | undefined {
    if (!isObject(gen) || !(#link in gen)) return undefined;
    const link = (gen as Generator).#link;
    return (link.body as object) === gen ? undefined : link;
  }
}

const { next, return: close, throw: fail } = Object.getOwnPropertyDescriptors(Generator.prototype);

/** The methods that stand in the place of those of `%AsyncGeneratorPrototype%`. */
export const GENERATOR_METHODS = { next, return: close, throw: fail };

registry.links.push(Generator.linkOf);

export const isObject = (value: unknown): value is object => Object(value) === value;

/**
 * A step of a bare body, or of what is no async generator, which the native method rejects:
 * https://tc39.es/ecma262/#sec-asyncgenerator-prototype-next
 */
function foreignStep(gen: object, name: AsyncGenStepName, value: unknown): Step {
  if (!hasIntrinsics) return Promise.reject(new TypeError('no async generator'));
  return AsyncGeneratorPrototype[name].call(gen, value);
}

/** The first `next()` over a native body. */
function first(gen: object, link: Link, value: unknown): Step | undefined {
  if (registry.inForce === null) link.record = QUIET;
  else {
    const step = registry.api!.first(gen as AnyAsyncGenerator, link, value);
    if (step !== undefined) return step;
  }
  startNext(link);
  return undefined;
}

/**
 * | `link.record`    | the generator                         | a step                               |
 * |------------------|---------------------------------------|--------------------------------------|
 * | no link          | is a bare body, or none of ours       | the native method                    |
 * | `NOT_BEGUN`      | was called                            | reads the hooks in force             |
 * | `QUIET`          | has begun while no hook was in force  | the body's own                       |
 * | `QUIET_LOWERED`  | the same, over a lowered body         | the body's own                       |
 * | `isPlain`        | is watched, and its body has started  | `next()` is counted, the body's own  |
 * | another          | is watched                            | the hooks API's                      |
 *
 * @returns the step; `undefined` if it is to be the native one of the body.
 */
function prepare(
  gen: object,
  link: Link,
  name: AsyncGenStepName,
  value: unknown,
): Step | undefined {
  const { fn } = link;
  if (link.record === NOT_BEGUN && registry.inForce === null) {
    link.record = fn.native ? QUIET : QUIET_LOWERED;
    startNext(link);
  }
  const { record } = link;
  if (record === QUIET) return undefined;
  if (record === QUIET_LOWERED) return fn.step(link, name, value);
  return registry.api!.prepare(gen as AnyAsyncGenerator, link, name, value);
}
