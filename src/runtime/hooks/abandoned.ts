import type { AnyAsyncGenerator } from '../types.js';
import type { Life } from './life.js';

/**
 * Notices generators that the program dropped.
 *
 * A `FinalizationRegistry` costs about as much as two short generators for each one registered,
 * and most finish soon. So a new generator is only listed as young, and a finished one leaves
 * the list. The next collection of garbage (seen by an object that nobody holds) moves those
 * that are left into the registry; the list holds them until then, so a dropped generator is
 * noticed one collection later than it might be. Registered ones are not unregistered when they
 * finish: their life says so when they die.
 */
const young: Life[] = [];
let armed = false;

const registry =
  typeof FinalizationRegistry === 'function'
    ? new FinalizationRegistry<Life | null>((life) => (life === null ? promote() : onDropped(life)))
    : undefined;

let onDropped: (life: Life) => void;

/** Sets what is done with a generator that the program dropped, finished or not. */
export function whenDropped(callback: typeof onDropped): void {
  onDropped = callback;
}

export function watch(gen: AnyAsyncGenerator, life: Life): void {
  if (registry === undefined) return;
  life.held = gen;
  life.slot = young.push(life) - 1;
  if (armed) return;
  armed = true;
  registry.register({}, null);
}

export function unwatch(life: Life): void {
  const { slot } = life;
  if (slot < 0) return;
  const last = young.pop()!;
  if (last !== life) {
    young[slot] = last;
    last.slot = slot;
  }
  life.slot = -1;
  life.held = null;
}

function promote(): void {
  armed = false;
  for (const life of young) {
    const gen = life.held as AnyAsyncGenerator;
    registry!.register(gen, life);
    life.held = new WeakRef(gen);
    life.slot = -1;
  }
  young.length = 0;
}
