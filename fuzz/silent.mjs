import { HOOK_NAMES } from './model.mjs';

/**
 * Sets of hooks as `spec` has them, each of which hands on and does nothing that the program could
 * see; `resume` is left out, and `iter` if it is not wanted. They read what a handle tells: that,
 * too, must cost no microtask.
 */
export function buildSilent({ slot, added }, withIter) {
  const look = (handle) => void [handle.state, handle.items, handle.parked, handle.isClosing];
  const hooks = {
    init: (_, handle) => look(handle),
    firstiter: (_, handle) => look(handle),
    iter: (_, value, handle) => {
      look(handle);
      return isPlain(value) ? value : undefined;
    },
    finalizer: (_, outcome, handle) => look(handle),
  };
  const isWanted = (name) => name !== 'resume' && (name !== 'iter' || withIter);
  return [slot, ...added].map((set) =>
    Object.fromEntries(
      HOOK_NAMES.map((name) => [name, set[name] && isWanted(name) ? hooks[name] : null]),
    ),
  );
}

/** A thenable that a hook returns is awaited, and one may come out of a `yield*`. */
const isPlain = (value) => typeof value !== 'object' && typeof value !== 'function';
