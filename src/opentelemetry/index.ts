import type {
  Attributes,
  Context,
  DiagLogger,
  Link,
  Meter,
  Span,
  Tracer,
} from '@opentelemetry/api';
import {
  addAsyncGenHooks,
  type AddedAsyncGenHooks,
  type AnyAsyncGenerator,
  type AsyncGenHandle,
  type AsyncGenOutcome,
  type AsyncGenSite,
} from '../runtime/index.js';
import { checkConfig, type AsyncGenInstrumentationConfig } from './config.js';
import { Entry, seconds } from './entry.js';
import { Metrics } from './metrics.js';
import {
  context,
  INVALID_SPAN_CONTEXT,
  InstrumentationBase,
  ROOT_CONTEXT,
  trace,
} from './peers.js';
import { nameOf, Sites } from './sites.js';

export type { AsyncGenInstrumentationConfig } from './config.js';

declare const VERSION: string;

/** What `AsyncGenInstrumentation.spanProcessor` is: a `SpanProcessor` of the SDK. */
export interface OpenSpansProcessor {
  onStart(): void;
  onEnd(): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** What there is while it is enabled. */
class Recording {
  /** By handle: others may put something of their own around what is in `handle.context`. */
  readonly open = new Map<AsyncGenHandle, Entry>();
  readonly sites: Sites;
  /** Where those were called that have not begun; those called outside of any span are not here. */
  readonly callers = new WeakMap<AsyncGenHandle, Context>();
  metrics: Metrics;
  hooks!: AddedAsyncGenHooks;

  constructor(
    readonly config: AsyncGenInstrumentationConfig,
    meter: Meter,
    private readonly diag: DiagLogger,
  ) {
    const { filter = () => true } = config;
    this.sites = new Sites((site) => this.ask('filter', () => filter(site), true));
    this.metrics = new Metrics(meter, this);
  }

  called(handle: AsyncGenHandle): void {
    const caller = context.active();
    if (caller !== ROOT_CONTEXT) this.callers.set(handle, caller);
  }

  begun(gen: AnyAsyncGenerator, handle: AsyncGenHandle, tracer: Tracer): void {
    const counts = this.sites.of(gen, handle);
    if (!counts.isWanted) return;
    const caller = this.callers.get(handle) ?? ROOT_CONTEXT;
    const span = this.startSpan(counts.site, counts.attributes, caller, tracer);
    const active = span === undefined ? caller : trace.setSpan(caller, span);
    const entry = new Entry(handle, counts, span ?? UNTRACED, active, handle.context);
    handle.context = entry;
    this.open.set(handle, entry);
    counts.begun++;
  }

  private startSpan(
    site: AsyncGenSite,
    attributes: Attributes,
    caller: Context,
    tracer: Tracer,
  ): Span | undefined {
    const { requireParentSpan = false, spanName = nameOf } = this.config;
    if (requireParentSpan && trace.getSpan(caller) === undefined) return undefined;
    const name = this.ask('spanName', () => spanName(site), undefined) ?? nameOf(site);
    const options = { attributes, links: linksTo(caller) };
    return this.ask('start of a span', () => tracer.startSpan(name, options, caller), undefined);
  }

  item(handle: AsyncGenHandle): void {
    const entry = this.open.get(handle);
    if (entry === undefined) return;
    const took = entry.item(this.config.itemEvents === true);
    if (took !== undefined) this.metrics.firstItem(entry.counts, took);
  }

  ended(handle: AsyncGenHandle, outcome: AsyncGenOutcome): void {
    const entry = this.open.get(handle);
    // A shutdown may have ended its span.
    if (entry === undefined) return;
    const duration = this.end(entry, outcome);
    if (outcome.type === 'abandoned') entry.counts.abandoned++;
    this.metrics.ended(entry.counts, duration);
  }

  private end(entry: Entry, how: AsyncGenOutcome | { readonly type: 'open' }): number {
    const { counts, handle } = entry;
    this.open.delete(handle);
    counts.ended++;
    counts.items += handle.items;
    const now = performance.now();
    this.ask('end of a span', () => entry.end(how, now), undefined);
    return seconds(entry.begunAt, now);
  }

  /** An option, a sampler and a span processor are of others: what they throw is no error of the program. */
  private ask<Answer, Otherwise>(
    what: string,
    fn: () => Answer,
    otherwise: Otherwise,
  ): Answer | Otherwise {
    try {
      return fn();
    } catch (error) {
      this.diag.error(`${what} failed`, error);
      return otherwise;
    }
  }

  endOpen(): void {
    for (const entry of this.open.values()) this.end(entry, { type: 'open' });
  }

  stop(): void {
    this.hooks.remove();
    this.endOpen();
    this.metrics.stop();
  }
}

const UNTRACED = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** Who asks for the first step, if that is another span than the caller's. */
function linksTo(caller: Context): Link[] {
  const consumer = trace.getSpan(context.active())?.spanContext();
  if (consumer === undefined || consumer === trace.getSpan(caller)?.spanContext()) return [];
  return [{ context: consumer }];
}

/**
 * A span for each async generator, from its first step to its end, and metrics of all.
 *
 *     registerInstrumentations({ instrumentations: [new AsyncGenInstrumentation()] });
 *
 * The span is a child of the one that is active where the generator function is called, and the active
 * one in the body, so that it is the parent of what the body does, whoever asks for the steps. If
 * another span asks for the first step, it is a link. `asyncgen.outcome` says how the generator has ended:
 * `exhausted`, `closed`, `failed` (with the exception), `abandoned`; `open`, if a shutdown has ended the
 * span. `asyncgen.items`, `asyncgen.time_to_first_item` and `asyncgen.longest_wait` (seconds; the longest
 * that a step took to give an item) are attributes, too.
 *
 * It hears of generators that are called while it is enabled. Items are read on their way: a `yield` of a
 * promise may take a microtask more than natively.
 *
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown or wrong option.
 */
export class AsyncGenInstrumentation extends InstrumentationBase<AsyncGenInstrumentationConfig> {
  // No initializer: the constructor of the base class calls `enable()`.
  declare private recording: Recording | undefined;

  constructor(config: AsyncGenInstrumentationConfig = {}) {
    super('asyncgen-hooks', VERSION, checkConfig(config));
  }

  /** There is no module to patch: compilers have put our calls in. */
  protected override init(): undefined {
    return undefined;
  }

  override enable(): void {
    if (this.recording !== undefined) return;
    super.enable();
    const recording = new Recording(this.getConfig(), this.meter, this._diag);
    recording.hooks = addAsyncGenHooks({
      init: (_gen, handle) => recording.called(handle),
      firstiter: (gen, handle) => recording.begun(gen, handle, this.tracer),
      iter: (_gen, _item, handle) => recording.item(handle),
      finalizer: (_gen, outcome, handle) => recording.ended(handle, outcome),
    });
    this.recording = recording;
  }

  /** Ends the spans of what is open, with the outcome `open`. */
  override disable(): void {
    super.disable();
    this.recording?.stop();
    this.recording = undefined;
  }

  override setConfig(config: AsyncGenInstrumentationConfig): void {
    super.setConfig(checkConfig(config));
    if (this.recording === undefined) return;
    this.disable();
    this.enable();
  }

  protected override _updateMetricInstruments(): void {
    const { recording } = this;
    if (recording === undefined) return;
    recording.metrics.stop();
    recording.metrics = new Metrics(this.meter, recording);
  }

  /**
   * Goes first among the `spanProcessors` of the provider: at a shutdown the spans of what is open are
   * ended before the exporter is flushed.
   */
  get spanProcessor(): OpenSpansProcessor {
    return {
      onStart: () => {},
      onEnd: () => {},
      forceFlush: async () => {},
      shutdown: async () => this.recording?.endOpen(),
    };
  }
}
