import type { AnyAsyncGenerator } from '../runtime/index.js';

/** Who asks, and who asked for that: engines take as long again for ten frames as for these. */
const FRAMES = 4;

/** The frames of whoever asked for the first step, without those of the runtime where V8 tells. */
export function stackOfStep(gen: AnyAsyncGenerator): string {
  const { stackTraceLimit } = Error;
  // Where intrinsics are frozen it stays as it is.
  const isSet = stackTraceLimit > FRAMES && Reflect.set(Error, 'stackTraceLimit', FRAMES);
  try {
    const at: { stack?: string } = {};
    for (const step of [gen.next, gen.return, gen.throw]) {
      Error.captureStackTrace?.(at, step);
      const frames = at.stack?.split('\n').slice(1).join('\n');
      if (frames) return frames;
    }
    return String(new Error().stack);
  } finally {
    if (isSet) Error.stackTraceLimit = stackTraceLimit;
  }
}
