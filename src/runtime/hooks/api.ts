import { DISPOSE } from '../../dispose.js';
import { printable, readOwn, suggest } from '../../messages.js';
import { registry, type HooksInForce } from '../registry.js';
import type { AsyncGenHandle, AsyncGenHooks, AsyncGenSite } from '../types.js';
import type { Observer } from './life.js';
import { siteOf } from './report.js';
import { step } from './steps.js';

// From now on generators are wrapped.
registry.step ??= step;

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
  for (const stateOf of registry.states) {
    const state = stateOf(gen);
    if (state !== undefined) return siteOf(state.record);
  }
  return undefined;
}

/**
 * Returns what stands for the life of `gen`: the same object for the generator that the program
 * holds and for the one that `finalizer` gets when the program dropped it. For tools that keep a
 * record of each generator: it may be held, and does not keep the generator from being found
 * abandoned.
 *
 * @returns the handle, or `undefined` for what is not ours, was not iterated yet, or began while
 *   no hook but `init` and `firstiter` was in force.
 */
export function getAsyncGenHandle(gen: unknown): AsyncGenHandle | undefined {
  for (const stateOf of registry.states) {
    // Of whichever copy of this package it is.
    const observer = stateOf(gen)?.life as Observer | null | false | undefined;
    if (!observer) continue;
    const { life } = observer;
    // Without a `finalizer` nobody watches for it, and nothing leads from its life to it yet.
    if (!life.finished && typeof WeakRef === 'function') life.held ??= new WeakRef(observer.gen);
    return life;
  }
  return undefined;
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
  if (typeof hooks !== 'object' || hooks === null) {
    throw invalid(`${subject}(), its argument is ${show(hooks)}. Pass an object of hooks.`);
  }
  for (const name of Object.keys(hooks)) {
    if ((HOOK_NAMES as readonly string[]).includes(name)) continue;
    throw invalid(
      `${subject}(), "${printable(name)}" is not a hook. ${suggest(name, HOOK_NAMES, 'hooks')}`,
    );
  }
  const given: Record<string, unknown> = {};
  for (const name of HOOK_NAMES) {
    const hook = readOwn(hooks, name);
    if (hook === undefined) continue;
    if (hook !== null && typeof hook !== 'function') {
      throw invalid(
        `${subject}(), ${name} is ${show(hook)}. Pass a function, or null to clear it.`,
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
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  return `the ${typeof value} ${String(value)}`;
}
