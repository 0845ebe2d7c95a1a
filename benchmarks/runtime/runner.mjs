import { setImmediate } from 'node:timers/promises';

/**
 * Reads `n` generators of `items` items, one after the other, from each function in turn. The turn
 * of the event loop at the end lets finalization callbacks run within the measured time.
 *
 * Imported once for each side of a pair (by a query in the URL), so that each has its own feedback
 * in the engine.
 */
export async function run(functions, n, items) {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for await (const value of functions[i % functions.length](items)) sum += value;
  }
  await setImmediate();
  return sum;
}
