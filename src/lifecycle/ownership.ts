import { builtinModule } from '../builtin.js';
import { show } from '../messages.js';
import {
  getAsyncGenHandle,
  getAsyncGenState,
  type AnyAsyncGenerator,
  type AsyncGenHandle,
} from '../runtime/index.js';

/**
 * Who owns a generator. It is decided in the first step, once; only `own()` and `release()` change it.
 *
 * | the first step comes                       | owner                                             |
 * |--------------------------------------------|---------------------------------------------------|
 * | after `scope.own(gen)`                     | that scope                                        |
 * | after `scope.release(gen)`                 | none                                              |
 * | inside `scope.run(fn)`                     | that scope, until it has ended                    |
 * | inside one that has ended                  | the nearest scope around it that has not, or none |
 * | elsewhere                                  | none                                              |
 *
 * What no scope owns belongs to each tracker that is there.
 */
export interface Owner {
  /** Whether it has not ended. */
  readonly isOpen: boolean;
  /** The scope that it was made in, or the next one around that which is open. */
  readonly outer: Owner | undefined;
  /** Whose scope it is. Each tracker knows its own; of those of other copies it reads no more. */
  readonly tracker: object;
}

/** `AsyncLocalStorage`. No `enterWith`: two functions that run at the same time would share it. */
interface Storage {
  run<Result>(store: Owner, fn: () => Result): Result;
  getStore(): Owner | undefined;
}

type Moved = (handle: AsyncGenHandle, before: Owner | undefined) => void;

/** One for each realm: all copies of the package share it. */
interface Ownership {
  /** There is none until somebody makes a scope: who makes none does not pay for it. */
  storage: Storage | undefined;
  /** For generators whose first step has not come. */
  readonly assigned: WeakMap<AnyAsyncGenerator, { readonly owner: Owner | undefined }>;
  hasAssigned: boolean;
  /** Called when a generator that has begun gets another owner. */
  readonly movers: Set<Moved>;
}

const KEY = Symbol.for('asyncgen-hooks/ownership/1');
const ownership = openOwnership();

function openOwnership(): Ownership {
  const shared = (globalThis as Record<symbol, Ownership | undefined>)[KEY];
  if (shared) return shared;
  const value: Ownership = {
    storage: undefined,
    assigned: new WeakMap(),
    hasAssigned: false,
    movers: new Set(),
  };
  // Where globalThis is frozen this copy works alone.
  Reflect.defineProperty(globalThis, KEY, { __proto__: null, value } as PropertyDescriptor);
  return value;
}

/** Decides who owns a generator, in its first step. */
export function decideOwner(gen: AnyAsyncGenerator, handle: AsyncGenHandle): Owner | undefined {
  const { storage, hasAssigned, assigned } = ownership;
  if (storage === undefined && !hasAssigned) return undefined;
  const given = hasAssigned ? assigned.get(gen) : undefined;
  const owner = given === undefined ? currentOwner() : given.owner;
  return (handle.owner = openOwner(owner));
}

/** The scope that the program is in at this moment; `undefined` outside of all. */
export const currentOwner = (): Owner | undefined => openOwner(ownership.storage?.getStore());

/** The nearest that has not ended. */
export function openOwner(owner: Owner | undefined): Owner | undefined {
  while (owner !== undefined && !owner.isOpen) owner = owner.outer;
  return owner;
}

/**
 * Gives `gen` another owner.
 *
 * @param subject who was given it, as `scopeError` takes it.
 * @param from whose it has to be: it stays if another scope owns it.
 * @throws TypeError, code `ERR_ASYNCGEN_SCOPE`, for what is no generator of ours, or began while
 *   nobody watched.
 */
export function assign(
  gen: unknown,
  owner: Owner | undefined,
  subject: string,
  from?: Owner,
): void {
  const state = getAsyncGenState(gen);
  if (state === undefined)
    throw scopeError(
      `${subject}: ${show(gen)} is no async generator that is watched. Pass one that a compiled function ` +
        'returned, and that has not begun before there was a tracker.',
      TypeError,
    );
  const handle = getAsyncGenHandle(gen);
  const { assigned } = ownership;
  const wanted = state === 'created' ? assigned.get(gen as AnyAsyncGenerator)?.owner : undefined;
  const before = (handle?.owner ?? wanted) as Owner | undefined;
  if (state === 'closed' || (from !== undefined && before !== undefined && before !== from)) return;
  if (state === 'created') {
    assigned.set(gen as AnyAsyncGenerator, { owner });
    ownership.hasAssigned = true;
  }
  if (handle === undefined) return;
  handle.owner = owner;
  if (before !== owner) for (const moved of ownership.movers) moved(handle, before);
}

/** @returns what takes `moved` out again. */
export function whenMoved(moved: Moved): () => void {
  ownership.movers.add(moved);
  return () => void ownership.movers.delete(moved);
}

/**
 * Runs `fn` inside `owner`.
 *
 * @throws Error, code `ERR_ASYNCGEN_SCOPE`, where the host has no `AsyncLocalStorage`.
 */
export function runIn<Result>(owner: Owner, fn: () => Result, subject: string): Result {
  return (ownership.storage ??= makeStorage(subject)).run(owner, fn);
}

/** The same, where it makes a difference: nobody has run anything inside of a scope yet. */
export const runInIfAny = <Result>(owner: Owner, fn: () => Result): Result =>
  ownership.storage === undefined ? fn() : ownership.storage.run(owner, fn);

function makeStorage(subject: string): Storage {
  const hooks = builtinModule<{ AsyncLocalStorage?: new () => Storage }>('node:async_hooks');
  if (hooks?.AsyncLocalStorage !== undefined) return new hooks.AsyncLocalStorage();
  throw scopeError(
    `${subject}: this host has no AsyncLocalStorage (process.getBuiltinModule('node:async_hooks')). ` +
      'Give each generator to a scope by scope.own(gen).',
  );
}

/** @param text who, and what: `scope.run(): the scope has ended.` */
export const scopeError = (text: string, Kind: typeof Error = Error): Error =>
  Object.assign(new Kind(`asyncgen-hooks/lifecycle: ${text}`), { code: 'ERR_ASYNCGEN_SCOPE' });
