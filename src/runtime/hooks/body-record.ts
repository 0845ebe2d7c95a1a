import {
  registry,
  type BodyCalls,
  type BodyRecord,
  type FunctionInfo,
  type GeneratorLink,
  type HooksInForce,
  type Step,
} from '../registry.js';
import type {
  AnyAsyncGenerator,
  AsyncGenHandle,
  AsyncGenOutcome,
  AsyncGenPlace,
  AsyncGenSite,
  AsyncGenState,
  AsyncGenStepName,
} from '../types.js';
import { unwatch, watch } from './abandoned.js';
import { Counted, Shown, type Delegation } from './delegation.js';
import { reportHookError, siteOf } from './report.js';
import { Cancellation, closedReason } from './signal.js';
import { linkOf } from './links.js';
import { isObject, isPromise, isThenable, nativeThen, noop, overhear } from './thenable.js';

const { clock } = registry;

/** A `return()` that was asked for and has not had its turn. */
interface AskedReturn {
  /** The number of its step: the first one is 1. */
  readonly at: number;
  readonly value: unknown;
}

/**
 * What is known of one generator. Its body calls it (see `BodyCalls`), its generator counts the
 * steps, and tools have it as a handle. It never refers to the generator, once that is not young
 * any more (see `watch`): the registry for garbage holds the record, and the generator has to be
 * free to die.
 *
 * A step settles when the body gives an item or ends, in the order of asking. So two numbers say
 * where the body is: `asked` counts steps, `given` counts items.
 *
 * | state       | `isEnded` | `asked`  | pending steps `asked - given` | a `return()` among them |
 * |-------------|-----------|----------|-------------------------------|-------------------------|
 * | `created`   | no        | 0        | 0                             |                         |
 * | `running`   | no        | over 0   | over 0                        | no                      |
 * | `closing`   | no        | over 0   | over 0                        | yes, or it took effect  |
 * | `suspended` | no        | over 0   | 0                             |                         |
 * | `closed`    | yes       |          |                               |                         |
 */
export class WatchedBody implements BodyRecord, AsyncGenHandle {
  declare isPlain: boolean;
  declare hasBegun: boolean;
  declare isStarted: boolean;
  declare isEnded: boolean;
  /** The `finalizer` hooks have been called. */
  declare isTold: boolean;
  declare asked: number;
  declare given: number;
  /** Of the `yield` that gave the last item, or of the `yield*` at work; 0 if unknown. */
  declare line: number;
  declare since: number;
  declare steppedAt: number;
  /** How it will end, as far as is known: what came last counts. */
  declare outcome: AsyncGenOutcome | null;
  declare returns: AskedReturn[] | null;
  declare delegation: Delegation | null;
  /** The body that delegates to this one by `yield*`: its `iter` hooks see the items, too. */
  declare reader: WatchedBody | null;
  declare cancellation: Cancellation | null;
  declare hooks: HooksInForce;
  declare readonly fn: FunctionInfo;
  /** `null` once it has ended: the handle is not to keep what the body holds. */
  declare link: GeneratorLink | null;
  /** The generator: while it is young (see `watch`), then weakly. */
  declare held: AnyAsyncGenerator | WeakRef<AnyAsyncGenerator> | null;
  /** Its place among the young; negative if it is none of them. */
  declare youngAt: number;

  /** The hooks are read once, in the first step, as CPython does (`async_gen_init_hooks`). */
  constructor(link: GeneratorLink, hooks: HooksInForce) {
    this.isPlain = false;
    this.hasBegun = false;
    this.isStarted = false;
    this.isEnded = false;
    this.isTold = false;
    this.asked = 0;
    this.given = 0;
    this.line = 0;
    this.since = 0;
    this.steppedAt = 0;
    this.outcome = null;
    this.returns = null;
    this.delegation = null;
    this.reader = null;
    this.cancellation = null;
    this.hooks = hooks;
    this.fn = link.fn;
    this.link = link;
    this.held = null;
    this.youngAt = -1;
  }

  // What the generator tells.

  begin(gen: AnyAsyncGenerator, hooks: HooksInForce): void {
    this.hasBegun = true;
    this.hooks = hooks;
    if (hooks.finalizer !== null) watch(gen, this);
    else if (this.held === null) this.hold(gen);
  }

  ask(): void {
    const { now } = clock;
    this.steppedAt = now;
    if (this.asked++ === this.given) this.since = now;
  }

  enter(): BodyCalls {
    this.isStarted = true;
    this.isPlain = this.hooks.resume === null && this.fn.native;
    return this;
  }

  /** `return()` or `throw()` was asked for: the signal goes off now, and not when its turn comes. */
  askToEnd(name: 'return' | 'throw', value: unknown): void {
    if (name === 'return') (this.returns ??= []).push({ at: this.asked, value });
    this.cancellation?.abort(name, name === 'return' ? closedReason() : value);
  }

  /** The generator that reads from this one is asked to end. */
  cancel(reason: unknown): void {
    this.cancellation?.abort('outer', reason);
  }

  // What the body tells.

  item(value: unknown, line = 0): unknown {
    if (this.delegation !== null || this.returns !== null) this.#settle();
    if (this.hooks.iter !== null || this.reader !== null) return this.#show(value, line);
    // The step is settled by what a promise brings, and not at all if that is an error. Our own
    // reaction stands before the one of the `yield`, and nothing is added to the order.
    if (isObject(value)) return overhear(value, () => this.give(line));
    this.give(line);
    return value;
  }

  /** The hooks see what a `yield` of a promise brings, and what they answer is waited for. */
  #show(value: unknown, line: number): unknown {
    let isLate: boolean;
    try {
      isLate = isThenable(value);
    } catch {
      // A getter that throws is the engine's to call.
      return value;
    }
    const out = isLate ? Promise.resolve(value).then((late) => this.pipe(late)) : this.pipe(value);
    if (isPromise(out)) nativeThen.call(out, () => this.give(line), noop);
    else this.give(line);
    return out;
  }

  /** Counts an item. A step that failed inside the body gave none: never more than were asked for. */
  give(line: number): void {
    this.line = line;
    if (this.given < this.asked) this.given++;
    if (this.given < this.asked) this.since = clock.now;
  }

  /** Sends an item through the `iter` hooks, and then through those of who reads it by `yield*`. */
  pipe(value: unknown, at = 0): unknown {
    // A loop and no recursion: bodies that delegate to each other may be thousands.
    for (let body: WatchedBody | null = this; body !== null; body = body.reader) {
      const hooks = body.hooks.iter ?? NONE;
      for (let i = at; i < hooks.length; i++) {
        const out = hooks[i]!(body.generator()!, value, body);
        if (isThenable(out)) {
          const [reached, before] = [body, value];
          return Promise.resolve(out).then((late) =>
            reached.pipe(late === undefined ? before : late, i + 1),
          );
        }
        if (out !== undefined) value = out;
      }
      at = 0;
    }
    return value;
  }

  from(iterable: unknown, line = 0): unknown {
    this.#settle();
    this.line = line;
    this.over(iterable);
    const isShown = this.hooks.iter !== null || this.reader !== null;
    const inner = openRecord(iterable);
    if (inner !== undefined) {
      // Bodies that read from each other wait for ever: there is nothing to count.
      if (leadsTo(inner, this)) return iterable;
      if (isShown) inner.reader = this;
      const before = inner.items;
      this.delegation = {
        inner,
        get items() {
          return inner.items - before;
        },
      };
      return iterable;
    }
    // The engine has an error for these.
    if (iterable === undefined || iterable === null) return iterable;
    const through = isShown
      ? new Shown(iterable, (value) => this.pipe(value))
      : new Counted(iterable);
    this.delegation = through;
    return through;
  }

  over(iterable: unknown): unknown {
    if (this.cancellation !== null || linkOf(iterable) !== undefined)
      (this.cancellation ??= new Cancellation()).hold(iterable);
    return iterable;
  }

  result(value?: unknown): unknown {
    this.#settle();
    const outcome = { type: 'exhausted' as const, value };
    this.outcome = outcome;
    // A `return` waits for a promise, before the `finally` blocks run.
    return isObject(value) ? overhear(value, (late) => void (outcome.value = late)) : value;
  }

  failed(error: unknown): boolean {
    this.#settle();
    const answered = this.cancellation?.answers(error);
    this.outcome =
      answered === undefined ? { type: 'failed', error } : { type: 'closed', value: undefined };
    return answered !== 'return';
  }

  ended(): void {
    this.#settle();
    this.end(this.outcome ?? { type: 'closed', value: undefined });
  }

  signal(): AbortSignal {
    return (this.cancellation ??= new Cancellation()).signal;
  }

  /** The body has ended, or will never run. */
  end(outcome: AsyncGenOutcome): void {
    this.isEnded = true;
    this.cancellation = null;
    this.tell(outcome);
    unwatch(this);
    this.link = null;
  }

  /** Calls the `finalizer` hooks, the first time that it is called. */
  tell(outcome: AsyncGenOutcome): void {
    const { finalizer } = this.hooks;
    if (this.isTold || finalizer === null) return;
    this.isTold = true;
    const gen = this.generator()!;
    for (const hook of finalizer) {
      try {
        const out = hook(gen, outcome, this);
        if (isThenable(out))
          void Promise.resolve(out).then(noop, (error: unknown) =>
            reportHookError('finalizer', this.fn, error),
          );
      } catch (error) {
        reportHookError('finalizer', this.fn, error);
      }
    }
  }

  /** Takes in what has happened since the body told of something: a `yield*` ended, a `return()` had its turn. */
  #settle(): void {
    const { delegation } = this;
    if (delegation !== null) {
      this.given = this.#given;
      this.delegation = null;
      // It may be left open: by an error of its `firstiter` hook, say.
      if (delegation.inner?.reader === this) delegation.inner.reader = null;
    }
    const { returns } = this;
    if (returns === null) return;
    const current = Math.min(this.given + 1, this.asked);
    while (returns.length > 0 && returns[0]!.at <= current)
      this.outcome = { type: 'closed', value: returns.shift()!.value };
    if (returns.length === 0) this.returns = null;
  }

  get #given(): number {
    const { delegation, given, asked } = this;
    return delegation === null ? given : Math.min(given + delegation.items, asked);
  }

  // What tools read: `AsyncGenHandle`.

  get handle(): AsyncGenHandle {
    return this;
  }

  get site(): AsyncGenSite {
    return siteOf(this.fn);
  }

  get items(): number {
    return this.#given;
  }

  get isPending(): boolean {
    return this.asked > this.#given;
  }

  get state(): AsyncGenState {
    if (this.isEnded) return 'closed';
    if (this.asked === 0) return 'created';
    if (!this.isPending) return 'suspended';
    return this.isClosing ? 'closing' : 'running';
  }

  get isClosing(): boolean {
    return !this.isEnded && (this.returns !== null || this.outcome?.type === 'closed');
  }

  get parked(): AsyncGenPlace | undefined {
    if (this.state !== 'suspended' || this.line === 0) return undefined;
    const { file } = this.site;
    return file === undefined ? undefined : { file, line: this.line };
  }

  get pendingSince(): number | undefined {
    return this.isEnded || !this.isPending ? undefined : this.since;
  }

  generator(): AnyAsyncGenerator | undefined {
    const { held, link } = this;
    const gen =
      held === null || this.youngAt >= 0 ? held : (held as WeakRef<AnyAsyncGenerator>).deref();
    if (gen) return gen as AnyAsyncGenerator;
    if (link === null) return undefined;
    const revived = this.fn.revive(link);
    this.hold(revived);
    return revived;
  }

  step(name: AsyncGenStepName, value?: unknown): Step {
    const { link } = this;
    if (link === null) return Promise.resolve({ value: undefined, done: true });
    const gen = this.generator()!;
    const { api } = registry;
    try {
      if (!this.hasBegun) api!.begin(gen, link);
      return api!.prepare(gen, link, name, value) ?? this.fn.step(link, name, value);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Who asks for the generator again gets the same one. */
  hold(gen: AnyAsyncGenerator): void {
    this.held = typeof WeakRef === 'function' ? new WeakRef(gen) : null;
  }
}

/** Whether `body` is `other`, or delegates to it through however many. */
function leadsTo(body: Pick<WatchedBody, 'delegation'>, other: WatchedBody): boolean {
  for (let each: typeof body | undefined = body; each !== undefined; each = each.delegation?.inner)
    if (each === other) return true;
  return false;
}

/** The record of a generator of ours that has not ended: one that was not iterated gets it here. */
function openRecord(gen: unknown): WatchedBody | undefined {
  const link = linkOf(gen);
  if (link === undefined) return undefined;
  if (!link.record.hasBegun && !(link.record instanceof WatchedBody)) {
    const record = new WatchedBody(link, NO_HOOKS);
    record.hold(gen as AnyAsyncGenerator);
    link.record = record;
  }
  return link.record instanceof WatchedBody && !link.record.isEnded ? link.record : undefined;
}

const NONE: readonly never[] = [];

export const NO_HOOKS: HooksInForce = {
  firstiter: null,
  iter: null,
  finalizer: null,
  init: null,
  resume: null,
};
