import { LateStack, type StackHolder } from '../late-stack.js';
import type { AnyAsyncGenerator } from '../runtime/index.js';

/** Who asks, and who asked for that: engines take as long again for ten frames as for these. */
const FRAMES = 4;

/** The frames of whoever asked for the first step, without those of the runtime where V8 tells. */
export function stackOfStep(gen: AnyAsyncGenerator): LateStack<string | undefined> {
  const { stackTraceLimit } = Error;
  // Where intrinsics are frozen it stays as it is.
  const isSet = stackTraceLimit > FRAMES && Reflect.set(Error, 'stackTraceLimit', FRAMES);
  try {
    if (Error.captureStackTrace === undefined) return new LateStack(new Error(), textOf);
    const holder: StackHolder = {};
    // A first `return()` or `throw()` ends it at once.
    Error.captureStackTrace(holder, gen.next);
    return new LateStack(holder, framesOf);
  } finally {
    if (isSet) Error.stackTraceLimit = stackTraceLimit;
  }
}

const framesOf = (holder: StackHolder): string | undefined =>
  textOf(holder)?.split('\n').slice(1).join('\n') || undefined;

/** What the program makes of stacks may be no text, or fail. */
function textOf(holder: StackHolder): string | undefined {
  try {
    return String(holder.stack);
  } catch {
    return undefined;
  }
}
