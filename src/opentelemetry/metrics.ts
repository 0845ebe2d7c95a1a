import type { BatchObservableResult, Histogram, Meter, Observable } from '@opentelemetry/api';
import type { Entry } from './entry.js';
import type { SiteCounts, Sites } from './sites.js';

/** In seconds: from what is over at once to streams that are open for an hour. */
const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1800, 3600];

interface Observed {
  readonly sites: Sites;
  readonly open: ReadonlyMap<unknown, Entry>;
}

/**
 * | metric                         | unit          | kind             |
 * |--------------------------------|---------------|------------------|
 * | `asyncgen.begun`               | `{generator}` | counter          |
 * | `asyncgen.open`                | `{generator}` | up-down counter  |
 * | `asyncgen.abandoned`           | `{generator}` | counter          |
 * | `asyncgen.items`               | `{item}`      | counter          |
 * | `asyncgen.duration`            | `s`           | histogram        |
 * | `asyncgen.time_to_first_item`  | `s`           | histogram        |
 *
 * Counts are read when somebody asks for them: they take no time in a step.
 */
export class Metrics {
  readonly #duration: Histogram;
  readonly #firstItem: Histogram;
  readonly #stop: () => void;

  constructor(meter: Meter, observed: Observed) {
    const counter = (name: string, description: string, unit = '{generator}'): Observable =>
      meter.createObservableCounter(name, { description, unit });
    const begun = counter('asyncgen.begun', 'Async generators whose first step was asked for.');
    const abandoned = counter('asyncgen.abandoned', 'Those that the program dropped while open.');
    const items = counter('asyncgen.items', 'Items that they gave.', '{item}');
    const open = meter.createObservableUpDownCounter('asyncgen.open', {
      description: 'Async generators that have begun and not ended.',
      unit: '{generator}',
    });
    const histogram = (name: string, description: string): Histogram =>
      meter.createHistogram(name, {
        description,
        unit: 's',
        advice: { explicitBucketBoundaries: BUCKETS },
      });
    this.#duration = histogram('asyncgen.duration', 'From the first step to the end.');
    this.#firstItem = histogram('asyncgen.time_to_first_item', 'From the first step to an item.');

    const observe = (result: BatchObservableResult): void => {
      const given = itemsBySite(observed.open);
      for (const counts of observed.sites.all()) {
        if (!counts.isWanted || counts.begun === 0) continue;
        const { attributes } = counts;
        result.observe(begun, counts.begun, attributes);
        result.observe(open, counts.begun - counts.ended, attributes);
        result.observe(abandoned, counts.abandoned, attributes);
        result.observe(items, counts.items + (given.get(counts) ?? 0), attributes);
      }
    };
    const observables = [begun, open, abandoned, items];
    meter.addBatchObservableCallback(observe, observables);
    this.#stop = () => meter.removeBatchObservableCallback(observe, observables);
  }

  ended({ attributes }: SiteCounts, duration: number): void {
    this.#duration.record(duration, attributes);
  }

  firstItem({ attributes }: SiteCounts, took: number): void {
    this.#firstItem.record(took, attributes);
  }

  stop(): void {
    this.#stop();
  }
}

function itemsBySite(open: ReadonlyMap<unknown, Entry>): Map<SiteCounts, number> {
  const given = new Map<SiteCounts, number>();
  for (const { counts, handle } of open.values())
    given.set(counts, (given.get(counts) ?? 0) + handle.items);
  return given;
}
