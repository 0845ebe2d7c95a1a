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

/** Whether `fn` makes native async generators; what a lowering plugin leaves does not. */
export const isNativeFunction = (fn: Function): boolean =>
  hasIntrinsics && Object.getPrototypeOf(fn) === AsyncGeneratorFunctionPrototype;

/** Whether `body` is a native async generator. */
export const isNativeBody = (body: object): boolean =>
  hasIntrinsics && Object.prototype.isPrototypeOf.call(AsyncGeneratorPrototype, body);
