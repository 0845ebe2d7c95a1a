import {
  registry,
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
  AsyncGenStepContext,
  AsyncGenStepName,
} from '../types.js';
import { generatorOf, type Held } from './abandoned.js';
import type { Delegation } from './delegation.js';
import type { Piped } from './pipe.js';
import { siteOf } from './report.js';
import type { Cancellation } from './signal.js';

/** A `return()` that was asked for and has not had its turn. */
interface AskedReturn {
  /** The number of its step: the first one is 1. */
  readonly at: number;
  readonly value: unknown;
}

/** The phases of a body: see `Handle`. */
export const CREATED = 0;
export const BEGUN = 1;
export const STARTED = 2;
export const PLAIN = 3;
export const ENDED = 4;

/**
 * What a record has only if its body delegates, was asked to `return()`, or is read by another, or if
 * a scope owns it.
 */
export class More {
  returns: AskedReturn[] | null = null;
  delegation: Delegation | null = null;
  /** The body that delegates to this one: its `iter` hooks see the items, too. */
  reader: Piped | null = null;
  cancellation: Cancellation | null = null;
  owner: object | undefined = undefined;
}

/**
 * What hooks and tools have of a record.
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
 *
 * `PLAIN` is `STARTED` where a `next()` only has to be counted: see `BodyRecord`.
 */
export abstract class Handle implements AsyncGenHandle {
  declare phase: number;
  declare asked: number;
  declare given: number;
  /** Of the `yield` that gave the last item, or of the `yield*` at work; 0 if unknown. */
  declare line: number;
  /** When the oldest pending step had its turn (see `Clock`); if none is pending, when the last one had. */
  declare since: number;
  /** How it will end, as far as is known: what came last counts. */
  declare outcome: AsyncGenOutcome | null;
  /** What most generators never need. */
  declare more: More | null;
  declare hooks: HooksInForce;
  /** What leads to the body; once that has ended, its function alone: a handle is not to keep what the body holds. */
  declare source: GeneratorLink | FunctionInfo;
  declare held: Held;
  declare kept: object | undefined;
  declare context: AsyncGenStepContext | undefined;

  abstract abort(): void;

  abstract needMore(): More;

  get isPlain(): boolean {
    return this.phase === PLAIN;
  }

  get link(): GeneratorLink | null {
    return this.isEnded ? null : (this.source as GeneratorLink);
  }

  get fn(): FunctionInfo {
    return this.isEnded ? (this.source as FunctionInfo) : (this.source as GeneratorLink).fn;
  }

  get owner(): object | undefined {
    return this.more?.owner;
  }

  set owner(owner) {
    if (owner !== this.owner) this.needMore().owner = owner;
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
    return !this.isEnded && this.asked > this.givenInAll;
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
    return (registry.clock.origin ?? 0) + this.since;
  }

  get pendingSince(): number | undefined {
    return this.isPending ? this.steppedAt : undefined;
  }

  generator(): AnyAsyncGenerator | undefined {
    const gen = generatorOf(this.held);
    if (gen !== undefined || this.isEnded) return gen;
    const revived = this.fn.revive(this.source as GeneratorLink);
    // Nobody watches it, so the record may hold it; a WeakRef would last until the next task.
    this.held = revived;
    return revived;
  }

  step(name: AsyncGenStepName, value?: unknown): Step {
    const { link } = this;
    if (link === null) return Promise.resolve({ value: undefined, done: true });
    const gen = this.generator()!;
    return registry.api!.prepare(gen, link, name, value) ?? this.fn.step(link, name, value);
  }

  /**
   * Who asks for the generator again gets the same one. Nobody is told when the program drops it, or
   * not before its first step, and the record holds the body anyway: no WeakRef is needed (one costs
   * as much as a short generator, and engines keep it until the next task).
   */
  hold(gen: AnyAsyncGenerator): void {
    this.held = gen;
  }
}
