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
 * where source maps are minded. Empty where intrinsics are frozen.
 *
 * @param most how many.
 */
export const framesBelow = (running: Function, most: number): readonly NodeJS.CallSite[] =>
  keepStackTraces(() => {
    set('stackTraceLimit', most);
    set('prepareStackTrace', (_, frames) => frames);
    const at: { stack?: unknown } = {};
    Error.captureStackTrace(at, running);
    return Array.isArray(at.stack) ? (at.stack as NodeJS.CallSite[]) : [];
  });
