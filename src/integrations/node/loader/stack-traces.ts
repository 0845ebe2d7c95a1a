import { LateStack, type StackHolder } from '../../../late-stack.js';

/** The program may have set both. */
function keepStackTraces<T>(work: () => T): T {
  const { stackTraceLimit, prepareStackTrace } = Error;
  try {
    return work();
  } finally {
    set('stackTraceLimit', stackTraceLimit);
    set('prepareStackTrace', prepareStackTrace);
  }
}

const FRAMES = 10;

/** @returns what gives, when it is needed, the stack of now, whatever the program makes of stacks. */
export function stackOfNow(): () => string {
  const now = keepStackTraces(() => {
    if (!(Error.stackTraceLimit >= FRAMES)) set('stackTraceLimit', FRAMES);
    return new Error();
  });
  return () =>
    keepStackTraces(() => {
      set('prepareStackTrace', undefined);
      return String(now.stack);
    });
}

/** Where intrinsics are frozen it does nothing. */
function set<Name extends 'stackTraceLimit' | 'prepareStackTrace'>(
  name: Name,
  value: (typeof Error)[Name] | undefined,
): void {
  if (Error[name] === value) return;
  if (value === undefined) Reflect.deleteProperty(Error, name);
  else Reflect.set(Error, name, value);
}

/**
 * The frames below a function that is running: without a text of them, which takes ten times as long
 * where source maps are minded. None where intrinsics are frozen.
 *
 * @param most how many.
 * @param of what is read of them, when somebody asks.
 */
export function framesBelow<Result>(
  running: Function,
  most: number,
  of: (frames: readonly NodeJS.CallSite[]) => Result,
): LateStack<Result> {
  const { stackTraceLimit } = Error;
  set('stackTraceLimit', most);
  const holder: StackHolder = {};
  Error.captureStackTrace(holder, running);
  set('stackTraceLimit', stackTraceLimit);
  return new LateStack(holder, (at) => of(framesIn(at)));
}

const framesIn = (holder: StackHolder): readonly NodeJS.CallSite[] =>
  keepStackTraces(() => {
    set('prepareStackTrace', (_, frames) => frames);
    const frames = holder.stack;
    return Array.isArray(frames) ? (frames as NodeJS.CallSite[]) : [];
  });
