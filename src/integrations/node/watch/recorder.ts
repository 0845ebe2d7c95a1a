import { FIELDS, type Counts, type Field } from './counts.js';
import type { Life, TimelineListener } from './timeline.js';

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
