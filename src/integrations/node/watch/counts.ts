import type { AsyncGenSite } from '../../../runtime/index.js';
import { ThreadBox } from './threads.js';
import type { Life, TimelineListener } from './timeline.js';

/** What is counted for each generator function. */
export const FIELDS = [
  'called',
  'begun',
  'items',
  'exhausted',
  'closed',
  'failed',
  'abandoned',
  /** In milliseconds. */
  'slowestStep',
] as const;

export type Field = (typeof FIELDS)[number];
export type Row = { readonly site: AsyncGenSite } & Record<Field, number>;

/** In memory that the threads share: a worker's counts outlive its termination. */
interface Shared {
  readonly site: AsyncGenSite;
  readonly counts: SharedArrayBuffer;
}

const SIZE = FIELDS.length * Float64Array.BYTES_PER_ELEMENT;

/** The counts of this thread and, in the main thread, those that its workers share with it. */
export class Counts {
  readonly #own = new Map<string, Float64Array>();
  readonly #all: ThreadBox<Shared>;

  /** @param onOthers called in the main thread when another one counts something of a place for the first time. */
  constructor(onOthers: () => void) {
    this.#all = new ThreadBox('counts', onOthers);
  }

  of(site: AsyncGenSite): Float64Array {
    const { name, file, line, column } = site;
    const key = `${name}\0${file}\0${line}\0${column}`;
    let counts = this.#own.get(key);
    if (counts !== undefined) return counts;
    const shared = { site, counts: new SharedArrayBuffer(SIZE) };
    this.#own.set(key, (counts = new Float64Array(shared.counts)));
    this.#all.leave(shared);
    return counts;
  }

  rows(): Row[] {
    return this.#all.all().map(({ site, counts }) => {
      const values = new Float64Array(counts);
      const fields = FIELDS.map((field, i) => [field, values[i]!]);
      return { site, ...(Object.fromEntries(fields) as Record<Field, number>) };
    });
  }
}

const AT = Object.fromEntries(FIELDS.map((field, i) => [field, i])) as Record<Field, number>;

/** Counts what the async generators of this thread do, by the place of their function. */
export function recordInto(counts: Counts): TimelineListener {
  /** To find them by the site takes longer than a step. */
  const countsOf = new Map<Life, Float64Array>();
  const slowest = (life: Life, time: number): void => {
    const own = countsOf.get(life)!;
    if (time > own[AT.slowestStep]!) own[AT.slowestStep] = time;
  };
  return {
    called: ({ site }) => void counts.of(site)[AT.called]!++,
    begun(life) {
      const own = counts.of(life.handle.site);
      own[AT.begun]!++;
      countsOf.set(life, own);
    },
    stepped(life, _name, since, now, how) {
      if (life.isLeft) return;
      if (how === 'item') countsOf.get(life)![AT.items]!++;
      slowest(life, now - since);
    },
    left(life, now, since) {
      // A step that hangs is a slow one.
      if (since !== undefined) slowest(life, now - since);
    },
    ended(life, outcome) {
      if (!life.isLeft) countsOf.get(life)![AT[outcome]]!++;
    },
    over: (life) => void countsOf.delete(life),
  };
}
