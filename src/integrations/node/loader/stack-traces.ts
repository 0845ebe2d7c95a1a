/**
 * Babel sets both for the whole program when it is first called: stacks would have other frames in
 * the run that compiles than in those that find all in the cache.
 */
export function keepStackTraces<T>(work: () => T): T {
  const { stackTraceLimit, prepareStackTrace } = Error;
  try {
    return work();
  } finally {
    if (Error.stackTraceLimit !== stackTraceLimit) Error.stackTraceLimit = stackTraceLimit;
    if (Error.prepareStackTrace !== prepareStackTrace) Error.prepareStackTrace = prepareStackTrace;
  }
}

const FRAMES = 10;

/** @returns what gives, when it is needed, the stack of now, whatever the program makes of stacks. */
export function stackOfNow(): () => string {
  const { stackTraceLimit } = Error;
  if (stackTraceLimit < FRAMES) Error.stackTraceLimit = FRAMES;
  const now = new Error();
  if (stackTraceLimit < FRAMES) Error.stackTraceLimit = stackTraceLimit;
  return () =>
    keepStackTraces(() => {
      Error.prepareStackTrace = undefined as never;
      return String(now.stack);
    });
}
