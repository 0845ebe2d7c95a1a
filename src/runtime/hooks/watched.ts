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
import { Awaited, Counted, leadsTo, Shown, type Delegation } from './delegation.js';
import { linkOf } from './links.js';
import { giveLater, pipeItem, showItem, type Piped } from './pipe.js';
import { reportHookError, siteOf } from './report.js';
import { Cancellation, closedReason } from './signal.js';
import { isObject, isThenable, mayBeLate, noop, overhear } from './thenable.js';

const { clock } = registry;

/** A `return()` that was asked for and has not had its turn. */
interface AskedReturn {
  /** The number of its step: the first one is 1. */
  readonly at: number;
  readonly value: unknown;
}

/** The phases of a body: see `Watched`. */
export const CREATED = 0;
export const BEGUN = 1;
export const STARTED = 2;
export const ENDED = 3;

/** What a record has only if its body delegates, was asked to `return()`, or is read by another. */
export class More {
  returns: AskedReturn[] | null = null;
  delegation: Delegation | null = null;
  /** The body that delegates to this one: its `iter` hooks see the items, too. */
  reader: Piped | null = null;
  cancellation: Cancellation | null = null;
}

/**
 * The record of a generator that is watched: the generator counts steps on it, the body tells it
 * what it does (docs/emitted-code.md), and hooks have it as the handle. It never refers to the
 * generator once that is not young any more (see `watch`): the registry for garbage holds the
 * record, and the generator has to be free to die.
 *
 * One class, and no base class: V8 does not put a derived constructor in line in an async function,
 * and one record is made for each generator (0.1 of a native generator of one item).
 *
 * A step settles when the body gives an item or ends, in the order of asking. So two numbers say
 * where the body is: `asked` counts steps, `given` counts items.
 *
 * | `phase`   | since                            | pending steps     | a `return()`          | state       |
 * |-----------|----------------------------------|-------------------|-----------------------|-------------|
 * | `CREATED` | the call, if an `init` hook looks|                   |                       | `created`   |
 * | `BEGUN`   | the first step                   | none: it failed   |                       | `created`   |
 * | `STARTED` | the body's first statement       | none              |                       | `suspended` |
 * |           |                                  | some              | was not asked for     | `running`   |
 * |           |                                  | some              | is among them, or took effect | `closing` |
 * | `ENDED`   | its last, or an end unrun        |                   |                       | `closed`    |
 */
export class Watched implements AsyncGenHandle, BodyRecord, Piped {
  declare phase: number;
  declare isPlain: boolean;
  /** The `finalizer` hooks have been called. */
  declare isTold: boolean;
  declare asked: number;
  declare given: number;
  /** Of the `yield` that gave the last item, or of the `yield*` at work; 0 if unknown. */
  declare line: number;
  /** When the oldest pending step had its turn; if none is pending, when the last one had. */
  declare since: number;
  /** How it will end, as far as is known: what came last counts. */
  declare outcome: AsyncGenOutcome | null;
  /** What most generators never need. */
  declare more: More | null;
  declare hooks: HooksInForce;
  declare readonly fn: FunctionInfo;
  /** `null` once it has ended: the handle is not to keep what the body holds. */
  declare link: GeneratorLink | null;
  /** The generator: while it is young (see `watch`), then weakly. */
  declare held: AnyAsyncGenerator | WeakRef<AnyAsyncGenerator> | null;
  /** Its place among the young; negative if it is none of them. */
  declare youngAt: number;

  /**
   * Few fields, and no private methods (V8 marks each instance of a class that has them): one is
   * made for each generator.
   */
  constructor(link: GeneratorLink, hooks: HooksInForce) {
    this.phase = CREATED;
    this.isPlain = false;
    this.isTold = false;
    this.asked = 0;
    this.given = 0;
    this.line = 0;
    this.since = 0;
    this.outcome = null;
    this.more = null;
    this.hooks = hooks;
    this.fn = link.fn;
    this.link = link;
    this.held = null;
    this.youngAt = -1;
  }

  get hasBegun(): boolean {
    return this.phase !== CREATED;
  }

  get isStarted(): boolean {
    return this.phase >= STARTED;
  }

  get isEnded(): boolean {
    return this.phase === ENDED;
  }

  get givenInAll(): number {
    const { more, given, asked } = this;
    return more === null || more.delegation === null
      ? given
      : Math.min(given + more.delegation.items, asked);
  }

  get site(): AsyncGenSite {
    return siteOf(this.fn);
  }

  get items(): number {
    return this.givenInAll;
  }

  get isPending(): boolean {
    return this.asked > this.givenInAll;
  }

  get state(): AsyncGenState {
    if (this.isEnded) return 'closed';
    if (this.asked === 0) return 'created';
    if (!this.isPending) return 'suspended';
    return this.isClosing ? 'closing' : 'running';
  }

  get isClosing(): boolean {
    return !this.isEnded && (Boolean(this.more?.returns) || this.outcome?.type === 'closed');
  }

  get parked(): AsyncGenPlace | undefined {
    if (this.state !== 'suspended' || this.line === 0) return undefined;
    const { file } = this.site;
    return file === undefined ? undefined : { file, line: this.line };
  }

  get steppedAt(): number {
    return this.since;
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
    return registry.api!.prepare(gen, link, name, value) ?? this.fn.step(link, name, value);
  }

  /** Who asks for the generator again gets the same one. */
  hold(gen: AnyAsyncGenerator): void {
    this.held = typeof WeakRef === 'function' ? new WeakRef(gen) : null;
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
    // The engine has an error for these.
    if (iterable === undefined || iterable === null) return iterable;
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
    const gen = this.youngAt >= 0 ? (this.held as AnyAsyncGenerator) : this.generator()!;
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

/** The record of a generator of ours that has not ended: one that was not iterated gets it here. */
function openRecord(gen: unknown): Watched | undefined {
  const link = linkOf(gen);
  if (link === undefined) return undefined;
  if (!link.record.hasBegun && !(link.record instanceof Watched)) {
    const record = new Watched(link, NO_HOOKS);
    record.hold(gen as AnyAsyncGenerator);
    link.record = record;
  }
  return link.record instanceof Watched && !link.record.isEnded ? link.record : undefined;
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
