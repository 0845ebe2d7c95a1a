import type { Context, Span } from '@opentelemetry/api';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { exceptionOf } from './exception.js';
import type { AsyncGenHandle, AsyncGenOutcome, AsyncGenStepContext } from '../runtime/index.js';
import { context, SpanStatusCode } from './peers.js';
import type { SiteCounts } from './sites.js';

/** Seconds, as units of OpenTelemetry want them. */
export const seconds = (from: number, to: number): number => (to - from) / 1000;

/**
 * An open generator with its span. It takes the generator's steps, so that the span is the active one in
 * its body, within what somebody else (`keepAsyncContext`) takes them in.
 *
 * Times are read for each item only if the span is recorded.
 */
export class Entry implements AsyncGenStepContext {
  readonly begunAt = performance.now();
  readonly #isRecording: boolean;
  #askedAt = this.begunAt;
  #hasItem = false;
  #longestWait = 0;

  constructor(
    readonly handle: AsyncGenHandle,
    readonly counts: SiteCounts,
    private readonly span: Span,
    private readonly active: Context,
    private readonly outer: AsyncGenStepContext | undefined,
  ) {
    this.#isRecording = span.isRecording();
  }

  runInAsyncScope<Self, Args extends unknown[], Result>(
    fn: (this: Self, ...args: Args) => Result,
    self: Self,
    ...args: Args
  ): Result {
    if (this.#isRecording && this.handle.pendingSince === undefined)
      this.#askedAt = performance.now();
    const { active, outer } = this;
    const take = fn as (this: unknown, ...args: Args) => Result;
    if (outer === undefined) return context.with(active, take, self, ...args);
    return outer.runInAsyncScope(() => context.with(active, take, self, ...args), undefined);
  }

  /** @returns the time to this item, if it is the first one. */
  item(withEvent: boolean): number | undefined {
    const isFirst = !this.#hasItem;
    if (!this.#isRecording && !isFirst) return undefined;
    const now = performance.now();
    this.#longestWait = Math.max(this.#longestWait, now - this.#askedAt);
    // Of steps that were asked for at once, the next one waits from now on.
    this.#askedAt = now;
    if (withEvent && this.span.isRecording())
      this.span.addEvent('asyncgen.item', { 'asyncgen.item.index': this.handle.items });
    if (!isFirst) return undefined;
    this.#hasItem = true;
    const took = seconds(this.begunAt, now);
    if (this.span.isRecording()) this.span.setAttribute('asyncgen.time_to_first_item', took);
    return took;
  }

  /** @param how the outcome, or `open` if it is a shutdown that ends the span */
  end(how: AsyncGenOutcome | { readonly type: 'open' }, now: number): void {
    const { span } = this;
    if (this.#isRecording) {
      // The body has the span, too, and may have ended it.
      if (!span.isRecording()) return;
      const isWaiting =
        how.type === 'open' ? this.handle.pendingSince !== undefined : how.type !== 'abandoned';
      if (isWaiting) this.#longestWait = Math.max(this.#longestWait, now - this.#askedAt);
      span.setAttributes({
        'asyncgen.outcome': how.type,
        'asyncgen.items': this.handle.items,
        'asyncgen.longest_wait': seconds(0, this.#longestWait),
      });
      if (how.type === 'failed') this.#fail(how.error);
    }
    span.end();
  }

  #fail(error: unknown): void {
    const { span } = this;
    const { type, exception } = exceptionOf(error);
    span.recordException(exception);
    span.setAttribute(ATTR_ERROR_TYPE, type);
    span.setStatus({ code: SpanStatusCode.ERROR, message: exception.message });
  }
}
