import { REGISTRY_KEY } from '../constants.js';
import type { AsyncGenHooks, AsyncGenSite } from './types.js';

/** The hooks in force, by name, in the order in which they are called; `null` where there is none. */
export type HooksInForce = {
  readonly [Name in keyof AsyncGenHooks]: readonly NonNullable<AsyncGenHooks[Name]>[] | null;
};

/**
 * One for each realm. Plain data, since copies of other versions read and write it too.
 */
export interface Registry {
  /** What `setAsyncGenHooks` sets. */
  slot: AsyncGenHooks;
  /** What `addAsyncGenHooks` adds, oldest first. */
  readonly added: AsyncGenHooks[];
  /** Derived from the two above at each change; `null` while there is no hook at all. */
  inForce: HooksInForce | null;
  /** Each copy of the shim knows its own generators only. */
  readonly describers: ((gen: unknown) => AsyncGenSite | undefined)[];
}

export const HOOK_NAMES = ['firstiter', 'iter', 'finalizer', 'init', 'resume'] as const;

export const noHooks = (): AsyncGenHooks => ({
  firstiter: null,
  iter: null,
  finalizer: null,
  init: null,
  resume: null,
});

function openRegistry(): Registry {
  const key = Symbol.for(REGISTRY_KEY);
  const shared = (globalThis as Record<symbol, Registry | undefined>)[key];
  if (shared) return shared;
  const registry: Registry = { slot: noHooks(), added: [], inForce: null, describers: [] };
  // Reflect.defineProperty: where globalThis is frozen it answers false, and this copy of the
  // package then works alone.
  Reflect.defineProperty(globalThis, key, { value: registry });
  return registry;
}

export const registry: Registry = openRegistry();
