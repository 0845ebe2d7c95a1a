/** What each generator did, and when: the lanes of the report's page. */
import { threadId } from 'node:worker_threads';
import type { AsyncGenPlace, AsyncGenSite } from '../../../runtime/index.js';
import type { Beginning, Left } from './left.js';
import { ThreadBox } from './threads.js';
import type { Life, TimelineListener } from './timeline.js';

/** Times are whole microseconds since the run began. */
export interface Lane {
  /** In this thread. */
  readonly id: number;
  readonly site: AsyncGenSite;
  readonly begun?: Beginning;
  readonly from: number;
  /** Absent while it is open. */
  readonly to?: number;
  /** How it ended; what it was at when the program came to its end; `open` while that goes on. */
  readonly how: 'exhausted' | 'closed' | 'failed' | 'abandoned' | 'still open' | 'open';
  /** Whether the program left it: abandoned, or open at the end. */
  readonly isLeft: boolean;
  readonly parked?: AsyncGenPlace;
  readonly items: number;
  /**
   * The steps, with neighbours in one where there are too many. Five numbers each: the time since the end of
   * the one before, how long it took, how long of that somebody waited for it, how many items it gave, `STEP`.
   */
  readonly steps: readonly number[];
}

/** How a step came to its end, and beside that whether it was one to close. */
export const STEP = { item: 0, done: 1, failed: 2, pending: 3, closing: 4 } as const;

/** Of one thread. */
export interface ThreadLanes {
  readonly pid: number;
  readonly thread: number;
  readonly lanes: readonly Lane[];
  /** How many were forgotten, since there were too many. */
  readonly more: number;
}

const MOST_LANES = 5000;
/** Of all lanes of a thread together. */
const MOST_STEPS = 100_000;
/** The first of one lane; halved whenever all lanes together have too many. */
const MOST_OF_ONE = 512;
const LEAST_OF_ONE = 8;
const WIDTH = 5;

const isClosing = (kind: number | undefined): boolean => kind! >= STEP.closing;

class Recorded {
  to: number | undefined;
  how: Lane['how'] = 'open';
  isLeft = false;
  parked: AsyncGenPlace | undefined;
  items = 0;
  /** Begin, end, wait, items, `STEP`: times of `performance.now()`. */
  readonly steps: number[] = [];

  constructor(
    readonly life: Life,
    readonly from: number,
    readonly caller: string | undefined,
  ) {}

  /**
   * Puts neighbours together, so that half of the steps stay. One that closes is not put to one that does
   * not, unless nothing else is left.
   */
  halve(isForced = false): number {
    const { steps } = this;
    let to = 0;
    for (let at = 0; at < steps.length;) {
      const next = at + WIDTH;
      const isSame = isClosing(steps[at + 4]) === isClosing(steps[next + 4]);
      const last = next < steps.length && (isSame || isForced) ? next : at;
      steps[to] = steps[at]!;
      steps[to + 1] = steps[last + 1]!;
      steps[to + 2] = steps[at + 2]! + (last === next ? steps[last + 2]! : 0);
      steps[to + 3] = steps[at + 3]! + (last === next ? steps[last + 3]! : 0);
      steps[to + 4] = Math.max(steps[at + 4]!, steps[last + 4]!);
      at = last + WIDTH;
      to += WIDTH;
    }
    const dropped = (steps.length - to) / WIDTH;
    steps.length = to;
    return dropped > 0 || isForced ? dropped : this.halve(true);
  }
}

/**
 * Keeps so many lanes and steps as a page can show: of generators without a problem the newest, of
 * steps the more the fewer there are.
 */
export class Lanes implements TimelineListener {
  readonly #box = new ThreadBox<ThreadLanes>('lanes');
  readonly #lanes = new Map<number, Recorded>();
  /** Those that have ended well, oldest first. */
  readonly #healthy = new Set<number>();
  readonly #offset: number;
  /** What changed since somebody last asked; nobody may ever do so. */
  #changed: Set<number> | undefined;
  #steps = 0;
  #most = MOST_OF_ONE;
  #more = 0;

  /**
   * @param startedAt what counts as 0, in milliseconds since the epoch.
   * @param callers who took the first steps; to be told of them before this is.
   */
  constructor(
    startedAt: number,
    private readonly callers: Pick<Left, 'callerOf' | 'beginning'>,
  ) {
    this.#offset = performance.timeOrigin - startedAt;
  }

  begun(life: Life, now: number): void {
    if (this.#lanes.size >= MOST_LANES && !this.#forgetOne()) {
      this.#more++;
      return;
    }
    this.#lanes.set(life.id, new Recorded(life, now, this.callers.callerOf(life)));
    this.#changed?.add(life.id);
  }

  stepped(life: Life, name: string, since: number, now: number, how: keyof typeof STEP): void {
    const lane = this.#lanes.get(life.id);
    if (lane === undefined) return;
    const isItem = how === 'item';
    if (isItem && !life.isLeft) lane.items++;
    const kind = STEP[how] + (name === 'next' ? 0 : STEP.closing);
    lane.steps.push(since, now, now - since, isItem ? 1 : 0, kind);
    this.#changed?.add(life.id);
    this.#steps++;
    if (lane.steps.length > this.#most * WIDTH) this.#steps -= lane.halve();
    if (this.#steps > MOST_STEPS) this.#thin();
  }

  ended(life: Life, outcome: Lane['how']): void {
    const lane = this.#lanes.get(life.id);
    if (lane === undefined || life.isLeft) return;
    lane.how = outcome;
    lane.isLeft = outcome === 'abandoned';
    if (lane.isLeft) lane.parked = life.handle.parked;
  }

  left(life: Life): void {
    const lane = this.#lanes.get(life.id);
    if (lane === undefined) return;
    lane.how = 'still open';
    lane.isLeft = true;
    lane.parked = life.handle.parked;
    this.#changed?.add(life.id);
  }

  over(life: Life, now: number): void {
    const lane = this.#lanes.get(life.id);
    if (lane === undefined) return;
    lane.to = now;
    this.#changed?.add(life.id);
    if (!lane.isLeft && lane.how !== 'failed') this.#healthy.add(life.id);
  }

  /** At the end of the thread. */
  finish(): void {
    this.#box.leave(this.all());
  }

  /** Those of all threads that came to their end. */
  threads(): readonly ThreadLanes[] {
    return this.#box.all();
  }

  /**
   * What has changed since it was last asked for, and the lanes that were forgotten since.
   * @param most how many lanes; what is left out comes the next time.
   */
  takeChanged(most: number): ThreadLanes & { readonly forgotten: readonly number[] } {
    const changed = (this.#changed ??= new Set(this.#lanes.keys()));
    const taken: number[] = [];
    for (const id of changed) {
      if (taken.length >= most) break;
      taken.push(id);
      changed.delete(id);
    }
    const forgotten = taken.filter((id) => !this.#lanes.has(id));
    return { ...this.#thread(taken.filter((id) => this.#lanes.has(id))), forgotten };
  }

  /** A generator by its lane. */
  lifeOf(id: number): Life | undefined {
    return this.#lanes.get(id)?.life;
  }

  all(): ThreadLanes {
    return this.#thread(this.#lanes.keys());
  }

  #thread(ids: Iterable<number>): ThreadLanes {
    const lanes = Array.from(ids, (id) => this.#show(this.#lanes.get(id)!));
    return { pid: process.pid, thread: threadId, lanes, more: this.#more };
  }

  #show({ life, from, to, how, isLeft, parked, items, steps, caller }: Recorded): Lane {
    const at = (time: number): number => Math.round((time + this.#offset) * 1000);
    const shown: number[] = [];
    let last = at(from);
    for (let i = 0; i < steps.length; i += WIDTH) {
      const [since, until] = [at(steps[i]!), at(steps[i + 1]!)];
      const waited = Math.round(steps[i + 2]! * 1000);
      shown.push(since - last, until - since, waited, steps[i + 3]!, steps[i + 4]!);
      last = until;
    }
    const begun = caller === undefined ? undefined : this.callers.beginning(caller);
    return {
      id: life.id,
      site: life.handle.site,
      ...(begun && { begun }),
      from: at(from),
      ...(to !== undefined && { to: at(to) }),
      how,
      isLeft,
      ...(parked && { parked }),
      items,
      steps: shown,
    };
  }

  #forgetOne(): boolean {
    const [oldest] = this.#healthy;
    if (oldest === undefined) return false;
    this.#healthy.delete(oldest);
    this.#steps -= this.#lanes.get(oldest)!.steps.length / WIDTH;
    this.#lanes.delete(oldest);
    this.#changed?.add(oldest);
    this.#more++;
    return true;
  }

  #thin(): void {
    if (this.#most > LEAST_OF_ONE) this.#most /= 2;
    for (const lane of this.#lanes.values())
      if (lane.steps.length > this.#most * WIDTH) this.#steps -= lane.halve();
  }
}
