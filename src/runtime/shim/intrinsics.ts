import type { AnyAsyncGenerator } from '../types.js';

type Method = (this: unknown, value?: unknown) => Promise<IteratorResult<unknown, unknown>>;

/** `%AsyncGeneratorFunction.prototype%`, the `[[Prototype]]` of every async generator function. */
export const AsyncGeneratorFunctionPrototype: object = Object.getPrototypeOf(async function* () {});

/**
 * `%AsyncGeneratorPrototype%`. Where this file itself was lowered there is none, and a plain
 * object does.
 */
export const AsyncGeneratorPrototype: Record<'next' | 'return' | 'throw', Method> = ((
  AsyncGeneratorFunctionPrototype as { prototype?: unknown }
).prototype as never) ?? {
  [Symbol.asyncIterator](this: AnyAsyncGenerator) {
    return this;
  },
};

/** Whether there are native async generators here; where this file was lowered there are none. */
export const hasIntrinsics = 'next' in AsyncGeneratorPrototype;

/** Whether a function or a generator is native; what a lowering plugin leaves is not. */
export const isNative = (value: unknown, prototype: object): boolean =>
  hasIntrinsics && Object.prototype.isPrototypeOf.call(prototype, value as object);
