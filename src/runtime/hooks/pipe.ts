import type { HooksInForce } from '../registry.js';
import type { AnyAsyncGenerator, AsyncGenHandle } from '../types.js';
import { Kept } from './delegation.js';
import { isPromise, isThenable, overhear } from './thenable.js';

/** A body whose items go through the `iter` hooks on their way. */
export interface Piped extends AsyncGenHandle {
  readonly hooks: HooksInForce;
  readonly more: { readonly reader: Piped | null } | null;
  readonly isEnded: boolean;
  generator(): AnyAsyncGenerator | undefined;
  /** Counts an item. */
  give(line: number): void;
  /** Its `yield*` is over. */
  past(): void;
}

// What runs for each item has no closure in it, and so no context is made for one where it is not
// needed: that alone costs a tenth of a native step.

export function giveLater(body: Piped, value: object, line: number): unknown {
  return overhear(value, () => body.give(line));
}

/** The hooks see what a `yield` of a promise brings, and what they answer is waited for. */
export function showItem(body: Piped, value: unknown, line: number): unknown {
  let isLate: boolean;
  try {
    isLate = isThenable(value);
  } catch {
    // A getter that throws is the engine's to call.
    return value;
  }
  const out = isLate ? pipeLate(body, value as PromiseLike<unknown>) : pipeItem(body, value);
  if (isPromise(out)) return giveLater(body, out, line);
  body.give(line);
  return out;
}

/**
 * Sends an item through the `iter` hooks of its body, and then through those of who reads it by
 * `yield*`. A loop and no recursion: bodies that delegate to each other may be thousands.
 */
export function pipeItem(first: Piped, value: unknown, at = 0): unknown {
  let from = at;
  for (let body: Piped | null = first; body !== null; body = body.more?.reader ?? null) {
    // It may have ended while a hook of before was waited for, by a step that failed beside its body.
    const hooks = body.isEnded ? NONE : (body.hooks.iter ?? NONE);
    for (let i = from; i < hooks.length; i++) {
      const out = hooks[i]!(body.generator()!, value, body);
      if (isThenable(out)) return pipeLate(body, out, value, i + 1);
      if (out !== undefined) value = out;
    }
    from = 0;
  }
  return value;
}

function pipeLate(
  body: Piped,
  out: PromiseLike<unknown>,
  value?: unknown,
  at = 0,
): Promise<unknown> {
  return Promise.resolve(out).then((late) => {
    const item = late === undefined ? value : late;
    const piped = pipeItem(body, item, at);
    return piped === item && isThenable(item) ? new Kept(item) : piped;
  });
}

const NONE: readonly never[] = [];
