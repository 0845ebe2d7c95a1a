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

/** Whether a `yield` may have to wait for `value`; calls no getter. */
export const mayBeLate = (value: object): boolean => isPromise(value) || 'then' in value;

/**
 * Hears what waiting for `value` will bring, before who waits does and without a microtask more.
 * Returns what is to be waited for in its place. The `then` of a thenable is called when and as
 * often as it would be; that of any other object is read once more.
 */
export function overhear(value: object, hear: (late: unknown) => void): unknown {
  if (isPromise(value)) {
    nativeThen.call(value, hear, noop);
    return value;
  }
  let then: unknown;
  try {
    ({ then } = value as { then?: unknown });
  } catch (error) {
    return {
      get then() {
        throw error;
      },
    };
  }
  if (typeof then !== 'function') {
    hear(value);
    return value;
  }
  const own = then;
  let isHeard = false;
  return {
    then(resolve: (late: unknown) => void, reject: (error: unknown) => void): unknown {
      const settle = (late: unknown): void => {
        // A thenable may settle twice: only the first time counts.
        if (isHeard) return;
        isHeard = true;
        if (isObject(late)) resolve(overhear(late, hear));
        else {
          hear(late);
          resolve(late);
        }
      };
      return Reflect.apply(own, value, [settle, reject]);
    },
  };
}

export const isObject = (value: unknown): value is object =>
  value !== null && (typeof value === 'object' || typeof value === 'function');
