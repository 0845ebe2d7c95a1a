import { linkOf } from './links.js';

/**
 * Who aborted: `return()`, `throw()` (of this generator or of one that reads from it), or the
 * `return()` of the generator that reads from this one.
 */
export type AbortedBy = 'return' | 'throw' | 'outer';

/**
 * The signal of one generator, and the generators that it reads from: what is asked of the outer
 * one is asked of these, too.
 */
export class Cancellation {
  #controller: AbortController | undefined;
  #inner: unknown[] = [];
  #by: AbortedBy | undefined;
  #reason: unknown;

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#by !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** Keeps a generator of ours that the body reads from, and lets go of those that have ended. */
  hold(iterable: unknown): void {
    const open = this.#inner.filter((each) => linkOf(each)?.record.handle?.state !== 'closed');
    this.#inner = linkOf(iterable) === undefined ? open : [...open, iterable];
  }

  /** The first one counts, as with an `AbortController`. */
  abort(by: AbortedBy, reason: unknown): void {
    if (this.#by !== undefined) return;
    this.#by = by;
    this.#reason = reason;
    this.#controller?.abort(reason);
    const toInner = by === 'throw' ? by : 'outer';
    for (const each of this.#inner) linkOf(each)?.record.cancel(toInner, reason);
  }

  /**
   * Whether `error` is the body's answer to the signal, and to whom: to a `return()`, which wants
   * no error, or to that of the generator that reads from this one, which has to be unwound by it.
   * An answer to `throw()` is an error as any other.
   *
   * Node's own APIs put the reason into the `cause` of an AbortError.
   */
  answers(error: unknown): 'return' | 'outer' | undefined {
    const by = this.#by;
    if (by === undefined || by === 'throw') return undefined;
    const reason = this.#reason;
    if (error === reason || (error as { cause?: unknown } | undefined)?.cause === reason) return by;
    return undefined;
  }
}

export const closedReason = (): Error =>
  Object.assign(new Error('asyncgen-hooks/runtime: the generator was asked to return().'), {
    name: 'AbortError',
    code: 'ERR_ASYNCGEN_CLOSED',
  });
