import type { AnyAsyncGenerator, AsyncGenOutcome } from '../types.js';

/** What is watched: the record of a body, which does not refer to its generator. */
interface Watched {
  readonly isEnded: boolean;
  /** The generator, while this is young; then weakly. */
  held: AnyAsyncGenerator | WeakRef<AnyAsyncGenerator> | null;
  /** Its place among the young; negative if it is none of them. */
  youngAt: number;
  /** Whether a step is pending: somebody may wait for it without the generator. */
  readonly isPending: boolean;
  /** Watches another generator over the body, once the step has settled. */
  watchLater(): void;
  tell(outcome: AsyncGenOutcome): void;
}

/**
 * Notices generators that the program dropped.
 *
 * A `FinalizationRegistry` costs about as much as two short generators for each one registered,
 * and most end soon. So a new generator is only listed as young, and an ended one leaves the list.
 * The next collection of garbage (seen by an object that nobody holds) moves those that are left
 * into the registry; the list holds them until then, so a dropped generator is noticed one
 * collection later than it might be. Registered ones are not unregistered when they end: their
 * record says so when they die.
 */
const young: Watched[] = [];
let isArmed = false;

const registry =
  typeof FinalizationRegistry === 'function'
    ? new FinalizationRegistry<Watched | null>((body) =>
        body === null ? promote() : abandon(body),
      )
    : undefined;

function abandon(body: Watched): void {
  if (body.isEnded) return;
  if (body.isPending) body.watchLater();
  else body.tell({ type: 'abandoned' });
}

export function watch(gen: AnyAsyncGenerator, body: Watched): void {
  if (registry === undefined) return;
  body.held = gen;
  body.youngAt = young.push(body) - 1;
  if (isArmed) return;
  isArmed = true;
  registry.register({}, null);
}

export function unwatch(body: Watched): void {
  const { youngAt } = body;
  if (youngAt < 0) return;
  const last = young.pop()!;
  if (last !== body) {
    young[youngAt] = last;
    last.youngAt = youngAt;
  }
  body.youngAt = -1;
  body.held = null;
}

function promote(): void {
  isArmed = false;
  for (const body of young) {
    const gen = body.held as AnyAsyncGenerator;
    registry!.register(gen, body);
    body.held = new WeakRef(gen);
    body.youngAt = -1;
  }
  young.length = 0;
}
