import {
  registry,
  type BodyCalls,
  type BodyRecord,
  type FunctionInfo,
  type GeneratorLink,
  type HooksInForce,
} from '../registry.js';
import type { AnyAsyncGenerator, AsyncGenHandle, AsyncGenOutcome } from '../types.js';
import { unwatch, watch } from './abandoned.js';
import { Awaited, Counted, leadsTo, Shown } from './delegation.js';
import { BEGUN, CREATED, ENDED, Handle, More, PLAIN, STARTED } from './handle.js';
import { linkOf } from './links.js';
import { giveLater, pipeItem, showItem, type Piped } from './pipe.js';
import { reportHookError } from './report.js';
import { Cancellation, closedReason } from './signal.js';
import { isObject, isThenable, mayBeLate, noop, overhear } from './thenable.js';

const { clock } = registry;

/**
 * The record of a generator that is watched: the generator counts steps on it, the body tells it
 * what it does (docs/emitted-code.md), and hooks have it as the handle. It does not refer to the
 * generator that it is watched by (see `Held`): the registry for garbage holds the record, and the
 * generator has to be free to die.
 *
 * It inherits from `Handle` without `extends`: V8 does not put a derived constructor in line in an
 * async function, and one record is made for each generator (0.1 of a native one of one item).
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- its prototype is set below
export class Watched implements BodyRecord, Piped {
  /**
   * Few fields, each of which takes 8 bytes of every open generator, and no private methods (V8 marks
   * each instance of a class that has them).
   */
  constructor(link: GeneratorLink, hooks: HooksInForce) {
    this.phase = CREATED;
    this.asked = 0;
    this.given = 0;
    this.line = 0;
    this.since = 0;
    this.outcome = null;
    this.more = null;
    this.hooks = hooks;
    this.source = link;
    this.held = null;
    this.kept = undefined;
    this.context = undefined;
  }

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
    const isPlain = this.hooks.resume === null && this.context === undefined && this.fn.native;
    this.phase = isPlain ? PLAIN : STARTED;
    return this;
  }

  /** `return()` or `throw()` was asked for: the signal goes off now, and not when its turn comes. */
  askToEnd(name: 'return' | 'throw', value: unknown): void {
    if (name === 'return') {
      this.abort();
      (this.needMore().returns ??= []).push({ at: this.asked, value });
    } else {
      // Nothing else remembers a `throw()`, for a signal that is asked for later.
      this.needCancellation().abort(name, value);
    }
  }

  abort(): void {
    this.more?.cancellation?.abort('return', closedReason());
  }

  /** The generator that reads from this one is asked to end. */
  cancel(by: 'throw' | 'outer', reason: unknown): void {
    this.more?.cancellation?.abort(by, reason);
  }

  // What the body tells.

  item(value: unknown, line = 0): unknown {
    if (this.more !== null) this.settle(this.more);
    if (this.hooks.iter !== null || (this.more !== null && this.more.reader !== null))
      return showItem(this, value, line);
    // The step is settled by what a promise brings, and not at all if that is an error.
    if (isObject(value) && mayBeLate(value)) return giveLater(this, value, line);
    this.give(line);
    return value;
  }

  /** Counts an item. A step that failed inside the body gave none: never more than were asked for. */
  give(line: number): void {
    this.line = line;
    if (this.given < this.asked) this.given++;
    if (this.given < this.asked) this.since = clock.now;
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
      ? new Shown(iterable, (value) => pipeItem(this, value))
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
    // A `then` of what `return()` was given may ask for another one, before the body has started.
    if (this.isEnded) return;
    // A hook gets the generator, and no way to the body is left then.
    const { finalizer } = this.hooks;
    const gen = finalizer === null ? undefined : this.generator();
    this.source = this.fn;
    this.phase = ENDED;
    if (gen !== undefined) this.tell(finalizer!, gen, outcome);
    unwatch(this);
    const { owner } = this;
    this.more = null;
    this.owner = owner;
    // What a request has put there is not to live as long as somebody keeps the generator.
    this.context = undefined;
  }

  abandon(): void {
    if (this.isEnded) return;
    const { finalizer } = this.hooks;
    // A hook may close it at once, and nobody is told of that end.
    this.hooks = { ...this.hooks, finalizer: null };
    this.tell(finalizer!, this.generator()!, { type: 'abandoned' });
  }

  tell(
    finalizer: NonNullable<HooksInForce['finalizer']>,
    gen: AnyAsyncGenerator,
    outcome: AsyncGenOutcome,
  ): void {
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

  past(): void {
    if (this.more !== null) this.settle(this.more);
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

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging, @typescript-eslint/no-empty-object-type -- see above
export interface Watched extends Handle {}
Object.setPrototypeOf(Watched.prototype, Handle.prototype);

/** The record of a generator of ours: one that was not iterated gets it here. */
function openRecord(gen: unknown): Watched | undefined {
  const link = linkOf(gen);
  if (link === undefined) return undefined;
  if (!link.record.hasBegun && !(link.record instanceof Watched)) {
    const record = new Watched(link, NO_HOOKS);
    record.hold(gen as AnyAsyncGenerator);
    link.record = record;
  }
  return link.record instanceof Watched ? link.record : undefined;
}

function resultLater(value: object, outcome: { value: unknown }): unknown {
  return overhear(value, (late) => void (outcome.value = late));
}

function reportLater(out: PromiseLike<unknown>, fn: FunctionInfo): void {
  const report = (error: unknown): void => reportHookError('finalizer', fn, error);
  void Promise.resolve(out).then(noop, report);
}

export const NO_HOOKS: HooksInForce = {
  firstiter: null,
  iter: null,
  finalizer: null,
  init: null,
  resume: null,
};
