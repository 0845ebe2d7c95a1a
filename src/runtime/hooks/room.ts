import { noop } from './thenable.js';

/** How deep steps are in each other before we ask for room: few programs ever come here. */
const SHALLOW = 8;

/** As arguments, two kilobytes of stack. Node needs less than a quarter of it to enter a context and leave it. */
const ROOM = Array.from({ length: 256 });

/**
 * Throws the engine's own RangeError while the stack has room for it. Between entering and leaving a
 * context it must not overflow: what is not left stays entered, and Node ends the process for that.
 *
 * @param depth how many steps in contexts are on the stack: levels of a `yield*`
 */
export function askForRoom(depth: number): void {
  if (depth > SHALLOW) Reflect.apply(noop, undefined, ROOM);
}
