import { inTurn } from '../../../time.js';

/**
 * Calls `close` when the program is over: nothing is left to do, and its listeners for `beforeExit`
 * were called and have begun nothing. What `close` does keeps the process for a while, and makes
 * Node emit `beforeExit` again: the program does not hear of that, which would not come natively.
 *
 * @param close called again at each such end.
 */
export function whenOver(close: () => void): void {
  const emit = process.emit as (...args: unknown[]) => boolean;
  let isOver = false;
  const emitBeforeExit = (args: unknown[]): boolean => {
    if (isOver) {
      close();
      return false;
    }
    const idle = countWaiting();
    const isHeard = emit.apply(process, args);
    if (countWaiting() > idle) return isHeard;
    // An async listener may begin something yet. Its microtasks are all done in the second tick, and no timer
    // has fired by then: one of 1 ms may come before an immediate, if the machine is busy.
    let goesOn = false;
    const look = (): void => void (goesOn ||= countWaiting() > counted);
    process.nextTick(() => queueMicrotask(() => process.nextTick(look)));
    inTurn(() => {
      goesOn ||= countWaiting() > idle;
      if (goesOn) return;
      isOver = true;
      close();
    });
    // With the immediate.
    const counted = countWaiting();
    return isHeard;
  };
  process.emit = function (this: unknown, ...args: unknown[]) {
    return args[0] === 'beforeExit' ? emitBeforeExit(args) : emit.apply(this, args);
  } as typeof process.emit;
}

/** The standard streams, which are opened when they are first used. */
const STREAMS = ['TTYWrap', 'PipeWrap'];

/** How many things keep the process. */
const countWaiting = (): number =>
  process.getActiveResourcesInfo().filter((name) => !STREAMS.includes(name)).length;
