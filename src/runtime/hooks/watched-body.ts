import {
  registry,
  type BodyCalls,
  type BodyRecord,
  type FunctionInfo,
  type HooksInForce,
} from '../registry.js';
import type { AnyAsyncGenerator, AsyncGenHandle, AsyncGenOutcome } from '../types.js';
import { unwatch, watch } from './abandoned.js';
import { Counted, Kept, Shown, type Delegation, type Inner } from './delegation.js';
import { linkOf } from './links.js';
import { reportHookError } from './report.js';
import { Cancellation, closedReason } from './signal.js';
import { isObject, isPromise, isThenable, mayBeLate, noop, overhear } from './thenable.js';
import { BEGUN, ENDED, More, STARTED, Watched, type Reader } from './watched.js';

const { clock } = registry;

/**
 * The record of a body that is watched: its generator counts steps on it, and the body tells it what
 * it does (docs/emitted-code.md).
 */
export class WatchedBody extends Watched implements BodyRecord, Reader {
  get handle(): AsyncGenHandle {
    return this;
  }

  // What the generator tells.

  /** The hooks are read once, in the first step, as CPython does (`async_gen_init_hooks`). */
  begin(gen: AnyAsyncGenerator | undefined, hooks: HooksInForce): void {
    this.phase = BEGUN;
    this.hooks = hooks;
    if (gen === undefined) return;
    if (hooks.finalizer !== null) watch(gen, this);
    else if (this.held === null) this.hold(gen);
  }

  ask(): void {
    if (this.asked++ === this.given) this.since = clock.now;
  }

  enter(): BodyCalls {
    this.phase = STARTED;
    this.isPlain = this.hooks.resume === null && this.fn.native;
    return this;
  }

  /** `return()` or `throw()` was asked for: the signal goes off now, and not when its turn comes. */
  askToEnd(name: 'return' | 'throw', value: unknown): void {
    if (name === 'return') {
      this.more?.cancellation?.abort(name, closedReason());
      (this.needMore().returns ??= []).push({ at: this.asked, value });
    } else {
      // Nothing else remembers a `throw()`, for a signal that is asked for later.
      this.needCancellation().abort(name, value);
    }
  }

  /** The generator that reads from this one is asked to end. */
  cancel(by: 'throw' | 'outer', reason: unknown): void {
    this.more?.cancellation?.abort(by, reason);
  }

  // What the body tells.

  item(value: unknown, line = 0): unknown {
    if (this.more !== null) this.settle(this.more);
    if (this.hooks.iter !== null || (this.more !== null && this.more.reader !== null))
      return this.show(value, line);
    // The step is settled by what a promise brings, and not at all if that is an error.
    if (isObject(value) && mayBeLate(value)) return this.giveLater(value, line);
    this.give(line);
    return value;
  }

  // What runs for each item has no closure in it, and so no context is made for one where it is not
  // needed: that alone costs a tenth of a native step.

  giveLater(value: object, line: number): unknown {
    return overhear(value, () => this.give(line));
  }

  /** The hooks see what a `yield` of a promise brings, and what they answer is waited for. */
  show(value: unknown, line: number): unknown {
    let isLate: boolean;
    try {
      isLate = isThenable(value);
    } catch {
      // A getter that throws is the engine's to call.
      return value;
    }
    const out = isLate ? this.pipeLate(value as PromiseLike<unknown>) : this.pipe(value);
    if (isPromise(out)) return this.giveLater(out, line);
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
    return pipeThrough(this, value, at);
  }

  pipeLate(out: PromiseLike<unknown>, value?: unknown, at = 0): Promise<unknown> {
    return Promise.resolve(out).then((late) => {
      const item = late === undefined ? value : late;
      const piped = this.pipe(item, at);
      return piped === item && isThenable(item) ? new Kept(item) : piped;
    });
  }

  from(iterable: unknown, line = 0): unknown {
    const more = this.needMore();
    this.settle(more);
    this.line = line;
    this.over(iterable);
    const isShown = this.hooks.iter !== null || more.reader !== null;
    const inner = openRecord(iterable);
    if (inner !== undefined) {
      // Bodies that read from each other wait for ever: there is nothing to count.
      if (leadsTo(inner, this)) return iterable;
      if (isShown) inner.needMore().reader = this;
      const before = inner.items;
      more.delegation = {
        inner,
        get items() {
          return inner.items - before;
        },
      };
      return iterable;
    }
    const through = isShown
      ? new Shown(iterable, (value) => this.pipe(value))
      : new Counted(iterable);
    more.delegation = through;
    return through;
  }

  over(iterable: unknown): unknown {
    if (this.more?.cancellation || linkOf(iterable) !== undefined)
      this.needCancellation().hold(iterable);
    return iterable;
  }

  result(value?: unknown): unknown {
    if (this.more !== null) this.settle(this.more);
    const outcome = { type: 'exhausted' as const, value };
    this.outcome = outcome;
    // A `return` waits for a promise, before the `finally` blocks run.
    return isObject(value) && mayBeLate(value) ? resultLater(value, outcome) : value;
  }

  failed(error: unknown): boolean {
    const { more } = this;
    if (more !== null) this.settle(more);
    const answered = more?.cancellation?.answers(error);
    if (answered === undefined) this.outcome = { type: 'failed', error };
    // The `return()` that freed the body has had its turn already, or is next.
    else if (this.outcome?.type !== 'closed')
      this.outcome = { type: 'closed', value: more!.returns?.[0]?.value };
    return answered !== 'return';
  }

  ended(): void {
    if (this.more !== null) this.settle(this.more);
    this.end(this.outcome ?? { type: 'closed', value: undefined });
  }

  signal(): AbortSignal {
    return this.needCancellation().signal;
  }

  needMore(): More {
    return (this.more ??= new More());
  }

  /** The first call may come behind a `return()`. */
  needCancellation(): Cancellation {
    const more = this.needMore();
    if (more.cancellation === null) {
      more.cancellation = new Cancellation();
      if (this.isClosing) more.cancellation.abort('return', closedReason());
    }
    return more.cancellation;
  }

  /** The body has ended, or will never run. */
  end(outcome: AsyncGenOutcome): void {
    this.phase = ENDED;
    this.tell(outcome);
    unwatch(this);
    this.more = null;
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
        if (isThenable(out)) reportLater(out, this.fn);
      } catch (error) {
        reportHookError('finalizer', this.fn, error);
      }
    }
  }

  /**
   * The program dropped the generator while a step is pending. Whoever waits for that step is to get
   * its item: to close the body now would abort its signal. (CPython's step holds the generator.)
   */
  watchLater(): void {
    const gen = this.generator()!;
    const more = this.needMore();
    // A `yield*` gives its items without a word of the body.
    if (more.delegation !== null) watch(gen, this);
    else more.delegation = new Awaited(gen);
  }

  /** Takes in what has happened since the body told of something: a `yield*` ended, a `return()` had its turn. */
  settle(more: More): void {
    const { delegation } = more;
    if (delegation !== null) {
      this.given = this.givenInAll;
      more.delegation = null;
      if (delegation instanceof Awaited) watch(delegation.gen, this);
      // It may be left open: by an error of its `firstiter` hook, say.
      const inner = delegation.inner?.more;
      if (inner && inner.reader === this) inner.reader = null;
    }
    const { returns } = more;
    if (returns === null) return;
    const current = Math.min(this.given + 1, this.asked);
    while (returns.length > 0 && returns[0]!.at <= current)
      this.outcome = { type: 'closed', value: returns.shift()!.value };
    if (returns.length === 0) more.returns = null;
  }
}

/**
 * Stands in the place of a delegation, which the body's next word ends. It holds the generator that
 * is watched from then on, and nobody but the body holds it: a body that waits for ever can die.
 */
class Awaited implements Delegation {
  readonly items = 0;
  declare readonly inner: undefined;

  constructor(readonly gen: AnyAsyncGenerator) {}
}

/** The record of a generator of ours: one that was not iterated gets it here. */
function openRecord(gen: unknown): WatchedBody | undefined {
  const link = linkOf(gen);
  if (link === undefined) return undefined;
  if (!link.record.hasBegun && !(link.record instanceof WatchedBody)) {
    const record = new WatchedBody(link, NO_HOOKS);
    record.hold(gen as AnyAsyncGenerator);
    link.record = record;
  }
  return link.record instanceof WatchedBody ? link.record : undefined;
}

/** A loop and no recursion: bodies that delegate to each other may be thousands. */
function pipeThrough(first: Reader, value: unknown, at: number): unknown {
  let from = at;
  for (let body: Reader | null = first; body !== null; body = body.more?.reader ?? null) {
    const hooks = body.hooks.iter ?? NONE;
    for (let i = from; i < hooks.length; i++) {
      const out = hooks[i]!(body.generator()!, value, body as WatchedBody);
      if (isThenable(out)) return body.pipeLate(out, value, i + 1);
      if (out !== undefined) value = out;
    }
    from = 0;
  }
  return value;
}

function resultLater(value: object, outcome: { value: unknown }): unknown {
  return overhear(value, (late) => void (outcome.value = late));
}

/** Whether `body` is `other`, or delegates to it through however many. */
function leadsTo(body: Inner, other: object): boolean {
  for (let each: Inner | undefined = body; each; each = each.more?.delegation?.inner)
    if (each === other) return true;
  return false;
}

function reportLater(out: PromiseLike<unknown>, fn: FunctionInfo): void {
  const report = (error: unknown): void => reportHookError('finalizer', fn, error);
  void Promise.resolve(out).then(noop, report);
}

const NONE: readonly never[] = [];

export const NO_HOOKS: HooksInForce = {
  firstiter: null,
  iter: null,
  finalizer: null,
  init: null,
  resume: null,
};
