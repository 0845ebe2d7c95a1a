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
