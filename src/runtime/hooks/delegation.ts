import type { AnyAsyncGenerator } from '../types.js';
import {
  isObject,
  isPromise,
  isThenable,
  mayBeLate,
  nativeThen,
  noop,
  overhear,
} from './thenable.js';

/** A `yield*` at work: its values pass by the body. */
export interface Delegation {
  /** How many items it has given so far. */
  readonly items: number;
  /** The body of a generator of ours that it is over. */
  readonly inner?: Inner;
}

export interface Inner {
  readonly more: { readonly delegation: Delegation | null; reader: object | null } | null;
}

type Result = IteratorResult<unknown, unknown>;
type Step = (value?: unknown) => unknown;

/** Sends an item through the `iter` hooks. */
type Show = (value: unknown) => unknown;

/**
 * | `yield*` over          | no `iter` hook               | with `iter` hooks                              |
 * |------------------------|------------------------------|------------------------------------------------|
 * | a generator of ours    | that generator, which counts | the same; its record shows each item           |
 * | another async iterable | read through `Counted`       | through `Shown`; a microtask more for a promise|
 * | a sync iterable        | the same                     | the same                                       |
 */

/**
 * What the engine reads an iterable through. Each property is read, and each method called, when
 * and as often as the engine does it, and a step is the iterable's own.
 *
 * Source: https://tc39.es/ecma262/#sec-generator-function-definitions-runtime-semantics-evaluation
 * (`yield *`), https://tc39.es/ecma262/#sec-getiterator
 */
export class Counted implements Delegation {
  items = 0;
  readonly #iterable: unknown;

  constructor(iterable: unknown) {
    this.#iterable = iterable;
  }

  get [Symbol.asyncIterator](): unknown {
    return this.#opener(Symbol.asyncIterator, (result) => {
      if (isObject(result) && hasThen(result)) return overhear(result, (late) => this.#give(late));
      this.#give(result);
      return result;
    });
  }

  get [Symbol.iterator](): unknown {
    return this.#opener(Symbol.iterator, (result) => {
      const value = ownValue(result, 'value');
      if (isDone(result) || !isObject(value) || !mayBeLate(value)) {
        this.#give(result);
        return result;
      }
      // The engine waits for it, and what it cannot wait for is no item.
      const late = overhear(value, () => this.items++);
      return late === value ? result : { done: false, value: late };
    });
  }

  #give(result: unknown): void {
    if (!isDone(result)) this.items++;
  }

  #opener(key: symbol, count: (result: unknown) => unknown): unknown {
    const iterable = this.#iterable as Record<symbol, unknown>;
    const open = iterable[key];
    if (typeof open !== 'function') return open;
    return () => {
      const iterator: unknown = Reflect.apply(open, iterable, []);
      if (Object(iterator) !== iterator) return iterator;
      return stepsOf(iterator as Iterator, (step, args) =>
        count(Reflect.apply(step, iterator, args)),
      );
    };
  }
}

const isDone = (result: unknown): boolean =>
  Object(result) !== result || Boolean(ownValue(result, 'done'));

/** Whether what `then` is, is no getter's to say: the engine reads it once, so a getter is not called here. */
function hasThen(result: object): boolean {
  let at: object | null = result;
  for (; at !== null; at = Reflect.getPrototypeOf(at)) {
    const then = Reflect.getOwnPropertyDescriptor(at, 'then');
    if (then !== undefined) return typeof then.value === 'function';
  }
  return false;
}

/** The engine reads `done` and `value` once, so a getter is not called here: its result counts as an item. */
const ownValue = (result: unknown, key: 'done' | 'value'): unknown =>
  Object(result) === result
    ? Reflect.getOwnPropertyDescriptor(result as object, key)?.value
    : undefined;

/**
 * Shows each item to the `iter` hooks on its way. A sync iterable stays one: what the engine makes
 * of it (CreateAsyncFromSyncIterator) differs from version to version, as for a missing `throw`.
 */
export class Shown implements Delegation {
  items = 0;
  readonly #iterable: Record<symbol, unknown>;
  readonly #show: Show;

  constructor(iterable: unknown, show: Show) {
    this.#iterable = iterable as Record<symbol, unknown>;
    this.#show = show;
  }

  get [Symbol.asyncIterator](): unknown {
    return this.#opener(Symbol.asyncIterator, (iterator) => this.#readAsync(iterator));
  }

  get [Symbol.iterator](): unknown {
    return this.#opener(Symbol.iterator, (iterator) => this.#readSync(iterator));
  }

  #opener(key: symbol, read: (iterator: Iterator) => object): unknown {
    const iterable = this.#iterable;
    const open = iterable[key];
    if (typeof open !== 'function') return open;
    return () => {
      const iterator: unknown = Reflect.apply(open as Step, iterable, []);
      return Object(iterator) === iterator ? read(iterator as Iterator) : iterator;
    };
  }

  #readAsync(iterator: Iterator): object {
    const show = (result: Result): unknown => {
      if (Object(result) !== result) return result;
      const { done } = result;
      let value: unknown;
      try {
        ({ value } = result);
      } catch (error) {
        // Where the engine would have read it. A step that rejects is another thing to lowered code:
        // Babel's helper calls `throw()` for it.
        return {
          done,
          get value(): never {
            throw error;
          },
        };
      }
      return done ? { done: true, value } : give(value);
    };
    const item = (out: unknown): Result => {
      this.items++;
      return { done: false, value: out instanceof Kept ? out.item : out };
    };
    const give = (value: unknown): unknown => {
      let out: unknown;
      try {
        out = this.#show(value);
      } catch (error) {
        return fail(error);
      }
      // An iterator may give a promise as an item: it stays one, as natively.
      if (out === value || !isThenable(out)) return item(out);
      return Promise.resolve(out).then(item, fail);
    };
    /** Thrown at the `yield*`, as `gen.throw()` would throw it there. */
    const fail = (error: unknown): unknown => {
      if (iterator.throw) return take(iterator.throw(error));
      return close(error);
    };
    /** The engine would throw a TypeError, of which nobody could tell where it came from. */
    const close = async (error: unknown): Promise<never> => {
      await iterator.return?.();
      throw error;
    };
    /** Where a step gives no promise, what the engine waits for takes no microtask more. */
    const take = (result: unknown): unknown => {
      try {
        const late = promiseOf(result);
        return late === undefined ? show(result as Result) : late.then(show as never);
      } catch (error) {
        return Promise.reject(error);
      }
    };
    return stepsOf(iterator, (step, args) => take(Reflect.apply(step, iterator, args)));
  }

  #readSync(iterator: Iterator): object {
    const show = (result: unknown): unknown => {
      if (Object(result) !== result) return result;
      const { done, value } = result as Result;
      return done ? { done: true, value } : give(value);
    };
    const give = (value: unknown): unknown => {
      let out: unknown;
      try {
        // What a sync iterable gives is waited for; a `then` that cannot be read rejects, too.
        out =
          isObject(value) && mayBeLate(value)
            ? Promise.resolve(value).then(this.#show)
            : this.#show(value);
      } catch (error) {
        return fail(error);
      }
      const given = (): void => void this.items++;
      if (isPromise(out)) nativeThen.call(out, given, noop);
      else given();
      return { done: false, value: out };
    };
    /** Thrown at the `yield*`, as `gen.throw()` would throw it there. */
    const fail = (error: unknown): unknown => {
      if (iterator.throw) return show(iterator.throw(error));
      iterator.return?.();
      throw error;
    };
    return stepsOf(iterator, (step, args) => show(Reflect.apply(step, iterator, args)));
  }
}

/**
 * A promise that an async iterator gave as an item and that hooks have kept, after one of them was
 * waited for: bare, it would be waited for, too.
 */
export class Kept {
  constructor(readonly item: unknown) {}
}

/** What a step has promised; its `then` is read once. `undefined` if it is no promise. */
function promiseOf(result: unknown): Promise<unknown> | undefined {
  if (isPromise(result)) return Promise.resolve(result);
  const then: unknown = isObject(result) ? (result as { then?: unknown }).then : undefined;
  if (typeof then !== 'function') return undefined;
  return Promise.resolve({
    then: (...settle: unknown[]) => Reflect.apply(then, result, settle) as never,
  });
}

type Iterator = Record<'next' | 'return' | 'throw', Step | undefined>;

/** The methods of an iterator, read when the engine reads them, each call through `take`. */
function stepsOf(iterator: Iterator, take: (step: Step, args: unknown[]) => unknown): object {
  const method = (name: keyof Iterator): unknown => {
    const step = iterator[name];
    if (typeof step !== 'function') return step;
    return (...args: unknown[]) => take(step, args);
  };
  return {
    get next() {
      return method('next');
    },
    get return() {
      return method('return');
    },
    get throw() {
      return method('throw');
    },
  };
}

/**
 * Stands in the place of a delegation, which the body's next word ends. It holds the generator that
 * is watched from then on, and nobody but the body holds it: a body that waits for ever can die.
 */
export class Awaited implements Delegation {
  readonly items = 0;
  declare readonly inner: undefined;

  constructor(readonly gen: AnyAsyncGenerator) {}
}

/** Whether `body` is `other`, or delegates to it through however many. */
export function leadsTo(body: Inner, other: object): boolean {
  for (let each: Inner | undefined = body; each; each = each.more?.delegation?.inner)
    if (each === other) return true;
  return false;
}
