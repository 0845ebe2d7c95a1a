/** Taken before a program can put another one in its place. */
const NativePromise = Promise;
export const nativeThen = Promise.prototype.then;

export const isPromise = (value: unknown): value is Promise<unknown> =>
  value instanceof NativePromise;

export const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  value !== null &&
  (typeof value === 'object' || typeof value === 'function') &&
  typeof (value as { then?: unknown }).then === 'function';

export const noop = (): void => {};
