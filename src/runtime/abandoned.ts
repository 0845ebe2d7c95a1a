import type { Life, State } from './state.js';
import type { AnyAsyncGenerator } from './types.js';

/**
 * Notices generators that the program dropped.
 *
 * A `FinalizationRegistry` costs about as much as two short generators for each one registered,
 * and most finish soon. So a new generator is only listed as young, and a finished one leaves
 * the list. The next collection of garbage (seen by an object that nobody holds) moves those
 * that are left into the registry; the list holds them until then, so a dropped generator is
 * noticed one collection later than it might be. Registered ones are not unregistered when they
 * finish: their state says so when they die.
 */
const generators: AnyAsyncGenerator[] = [];
const states: State[] = [];
let armed = false;

const registry =
  typeof FinalizationRegistry === 'function'
    ? new FinalizationRegistry<State | null>((state) => (state === null ? promote() : drop(state)))
    : undefined;

let onDropped: (state: State, life: Life) => void;

/** Sets what is done with a generator that was dropped before it finished. */
export function whenDropped(callback: typeof onDropped): void {
  onDropped = callback;
}

export function watch(gen: AnyAsyncGenerator, state: State, life: Life): void {
  if (registry === undefined) return;
  life.slot = generators.push(gen) - 1;
  states.push(state);
  if (armed) return;
  armed = true;
  registry.register({}, null);
}

export function unwatch(life: Life): void {
  const { slot } = life;
  if (slot < 0) return;
  life.slot = -1;
  const gen = generators.pop()!;
  const state = states.pop()!;
  if (slot === generators.length) return;
  generators[slot] = gen;
  states[slot] = state;
  state.life!.slot = slot;
}

function promote(): void {
  armed = false;
  for (let i = 0; i < generators.length; i++) {
    states[i]!.life!.slot = -1;
    registry!.register(generators[i]!, states[i]!);
  }
  generators.length = 0;
  states.length = 0;
}

function drop(state: State): void {
  const life = state.life!;
  if (!life.finished) onDropped(state, life);
}
