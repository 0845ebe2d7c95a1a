import { DISPOSE } from '../../dispose.js';
import { printable, readOwn } from '../../messages.js';
import { registry, type HooksInForce } from '../registry.js';
import type { AsyncGenHandle, AsyncGenHooks, AsyncGenSite, AsyncGenState } from '../types.js';
import { linkOf } from './links.js';
import { siteOf } from './report.js';
import { api } from './steps.js';

// Generator functions wrap what they return once this is here.
registry.api ??= api;

const HOOK_NAMES = ['firstiter', 'iter', 'finalizer', 'init', 'resume'] as const;

const noHooks = (): AsyncGenHooks => ({
  firstiter: null,
  iter: null,
  finalizer: null,
  init: null,
  resume: null,
});

/**
 * Returns the hooks that `setAsyncGenHooks` set: a fresh record of all five fields, each a
 * function or `null`. Changing it changes nothing until it is set.
 *
 * Source: `sys.get_asyncgen_hooks`, PEP 525.
 */
export function getAsyncGenHooks(): AsyncGenHooks {
  return { ...noHooks(), ...registry.slot };
}

/**
 * Sets the hooks given. A field left out or `undefined` stays as it is; `null` clears it. They
 * hold for generators whose first step comes later.
 *
 * @returns the record as it was before.
 * @throws TypeError, code `ERR_ASYNCGEN_HOOKS`, for an argument that is no object, an unknown
 *   field, or a field that is neither a function nor `null`; nothing is changed then.
 *
 * Source: `sys.set_asyncgen_hooks`, PEP 525.
 */
export function setAsyncGenHooks(hooks: Partial<AsyncGenHooks>): AsyncGenHooks {
  const given = check('setAsyncGenHooks', hooks);
  const before = getAsyncGenHooks();
  registry.slot = { ...before, ...given };
  refresh();
  return before;
}

/** What `addAsyncGenHooks` returns. */
export interface AddedAsyncGenHooks extends Disposable {
  /** Takes the hooks out again, for generators whose first step comes later. Safe to call twice. */
  remove(): void;
}

/**
 * Adds a set of hooks beside those of `setAsyncGenHooks`, for tools that must not clobber each
 * other. Sets are called after the slot, in the order of adding.
 *
 * @returns a `Disposable`; sets may be removed in any order.
 * @throws TypeError as `setAsyncGenHooks` does.
 */
export function addAsyncGenHooks(hooks: Partial<AsyncGenHooks>): AddedAsyncGenHooks {
  const set = { ...noHooks(), ...check('addAsyncGenHooks', hooks) };
  registry.added.push(set);
  refresh();
  const remove = (): void => {
    const index = registry.added.indexOf(set);
    if (index < 0) return;
    registry.added.splice(index, 1);
    refresh();
  };
  return { remove, [DISPOSE]: remove };
}

/**
 * Tells where the generator function of `gen` stands.
 *
 * @returns the site, or `undefined` for what no compiled generator function returned.
 */
export function describeAsyncGen(gen: unknown): AsyncGenSite | undefined {
  const link = linkOf(gen);
  return link && siteOf(link.fn);
}

/**
 * Returns what stands for `gen` in the hooks: the same object for the generator that the program
 * holds and for the one that `finalizer` gets when the program has dropped the first.
 *
 * @returns the handle, or `undefined` for what is not ours, or was neither called nor begun while
 *   there were hooks for it.
 */
export function getAsyncGenHandle(gen: unknown): AsyncGenHandle | undefined {
  return linkOf(gen)?.record.handle;
}

/**
 * Tells what `gen` does at this moment.
 *
 * @returns the state, or `undefined` for what is not ours, or has begun while nobody watched.
 *
 * Source: `inspect.getasyncgenstate`, CPython 3.12.
 */
export function getAsyncGenState(gen: unknown): AsyncGenState | undefined {
  const record = linkOf(gen)?.record;
  return record && (record.handle?.state ?? (record.hasBegun ? undefined : 'created'));
}

/**
 * Returns the `AbortSignal` of the generator in whose body it is called. It is aborted when
 * `return()` or `throw()` is asked for, not when its turn comes: a body that waits for something
 * that takes the signal is freed at once. An ordinary end does not abort it. If the body then fails
 * with the signal's own reason (or an error whose `cause` that is) after a `return()`, it is
 * closed, and the pending `next()` gives `{ done: true }`.
 *
 *     async function* clicks(bus) {
 *       for await (const [event] of on(bus, 'click', { signal: asyncGenSignal() })) yield event;
 *     }
 *
 * The compilers replace the call, so it has to be written as one: imported by its name from
 * `asyncgen-hooks`, inside the body, or inside an arrow function of the body.
 *
 * @throws Error, code `ERR_ASYNCGEN_SIGNAL`, where no compiler has replaced it.
 */
export function asyncGenSignal(): AbortSignal {
  throw Object.assign(
    new Error(
      'asyncgen-hooks/runtime: asyncGenSignal() was called outside the body of a compiled async ' +
        'generator. Call it inside the body, by its imported name, in a file that is compiled.',
    ),
    { code: 'ERR_ASYNCGEN_SIGNAL' },
  );
}

/**
 * Sets the time that `steppedAt` and `pendingSince` of handles are taken from: any number, such as
 * milliseconds. A tool sets it from time to time (a clock read at each step would cost a third of
 * the step). It is 0 until somebody does; what was older then is told to be of that first time.
 */
export function setAsyncGenClock(now: number): void {
  const { clock } = registry;
  if (clock.origin === undefined && Number.isFinite(now)) clock.origin = now;
  clock.now = now - (clock.origin ?? 0);
}

function refresh(): void {
  const sets = [getAsyncGenHooks(), ...registry.added];
  const inForce = Object.fromEntries(
    HOOK_NAMES.map((name) => {
      const hooks = sets.map((set) => set[name]).filter((hook) => hook !== null);
      return [name, hooks.length === 0 ? null : hooks];
    }),
  ) as unknown as HooksInForce;
  registry.inForce = HOOK_NAMES.every((name) => inForce[name] === null) ? null : inForce;
}

/** Reads the fields once each, so that what was checked is what is set. */
function check(subject: string, hooks: unknown): Partial<AsyncGenHooks> {
  if (typeof hooks !== 'object' || hooks === null || Array.isArray(hooks)) {
    throw invalid(`${subject}() got ${show(hooks)}. Pass an object of hooks.`);
  }
  for (const name of Object.keys(hooks)) {
    if ((HOOK_NAMES as readonly string[]).includes(name)) continue;
    // No library here: a slip of case, an s for a z, a longer form.
    const meant = HOOK_NAMES.find((hook) => name.slice(0, 4).toLowerCase() === hook.slice(0, 4));
    const question = meant === undefined ? '' : `Did you mean "${meant}"? `;
    const names = HOOK_NAMES.join(', ');
    throw invalid(
      `${subject}(): "${printable(name)}" is not a hook. ${question}The hooks are ${names}.`,
    );
  }
  const given: Record<string, unknown> = {};
  for (const name of HOOK_NAMES) {
    const hook = readOwn(hooks, name);
    if (hook === undefined) continue;
    if (hook !== null && typeof hook !== 'function') {
      throw invalid(
        `${subject}(): ${name} is ${show(hook)}. Pass a function, or null to clear it.`,
      );
    }
    given[name] = hook;
  }
  return given;
}

const invalid = (text: string): TypeError =>
  Object.assign(new TypeError(`asyncgen-hooks/runtime: ${text}`), { code: 'ERR_ASYNCGEN_HOOKS' });

function show(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `the string ${printable(JSON.stringify(value))}`;
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  return `the ${typeof value} ${String(value)}`;
}
