import { spread } from '../lib/pairs.mjs';
import { runApart } from '../lib/processes.mjs';
import { alternatives, ours } from './configurations.mjs';

const CHILD = new URL('child.mjs', import.meta.url);

export const ITEMS = [1, 10, 500, '10 waits'];

/** How many generator functions the process has: one, or eight in one loop (megamorphic). */
export const COUNTS = [1, 8];

/** How many pairs of processes stand for a configuration that may not share one with native. */
const APART = 5;

/**
 * Cost of each configuration over native.
 *
 * @returns {Promise<{ name: string, form: string, count: number, own: boolean,
 *   cells: { ratio: Spread, native: number, variant: number }[] }[]>} a cell for each of `items`,
 *   times in nanoseconds a generator
 */
export async function measureRuntime({ dist, rounds, items = ITEMS, counts = COUNTS, pick, log }) {
  const rows = [];
  const all = [
    ...ours(dist).map((one) => ({ ...one, own: true })),
    ...alternatives.map((one) => ({ ...one, own: false })),
  ].filter(({ name }) => pick === undefined || pick(name));
  for (const { name, forms, apart, own } of all) {
    for (const form of forms) {
      for (const count of counts) {
        const job = { dist, name, form, count, items, rounds };
        const cells = apart ? await measureApart(job) : await runApart(CHILD, job);
        rows.push({ name, form, count, own, cells });
        const shown = cells.map(({ ratio }) => ratio.median.toFixed(2)).join('  ');
        log(`${name}, ${form}, ${count} function${count > 1 ? 's' : ''}: ${shown}`);
      }
    }
  }
  return rows;
}

/** Native and variant in processes of their own, in turn. */
async function measureApart(job) {
  const runs = { native: [], variant: [] };
  for (let i = 0; i < APART; i++) {
    const sides = i % 2 ? ['variant', 'native'] : ['native', 'variant'];
    for (const side of sides) runs[side].push(await runApart(CHILD, { ...job, side }));
  }
  return job.items.map((_, item) => {
    const of = (side) => runs[side].map((cells) => cells[item]);
    const native = of('native');
    const variant = of('variant');
    return {
      ratio: spread(variant.map((value, i) => value / native[i])),
      native: spread(native).median,
      variant: spread(variant).median,
    };
  });
}
