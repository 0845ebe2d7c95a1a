import type { AnyAsyncGenerator } from '../runtime/index.js';

/** The frames of whoever asked for the first step, without those of the runtime where V8 tells. */
export function stackOfStep(gen: AnyAsyncGenerator): string {
  const at: { stack?: string } = {};
  for (const step of [gen.next, gen.return, gen.throw]) {
    Error.captureStackTrace?.(at, step);
    const frames = at.stack?.split('\n').slice(1).join('\n');
    if (frames) return frames;
  }
  return String(new Error().stack);
}
