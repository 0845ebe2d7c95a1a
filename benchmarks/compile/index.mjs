import { spread } from '../lib/pairs.mjs';
import { runApart } from '../lib/processes.mjs';
import { NAMES_OF_PLUGINS, OUTPUT } from './configurations.mjs';

const CHILD = new URL('child.mjs', import.meta.url);
const MEMORY_CHILD = new URL('memory-child.mjs', import.meta.url);

/**
 * Compile time of each plugin over Babel's own parse and print.
 *
 * @returns {Promise<{ name: string, cells: { ratio: Spread, native: number, variant: number }[]
 *   }[]>} cells for files with generators and for files without; times in milliseconds a file
 */
export async function measureCompile({ dist, rounds, names = [...NAMES_OF_PLUGINS, OUTPUT], log }) {
  const rows = [];
  for (const name of names) {
    const cells = [];
    for (const withGenerators of [true, false]) {
      // There are forty times as many files without: each round takes a sixth of them.
      const share = withGenerators ? 1 : 6;
      const job = {
        dist,
        name,
        withGenerators,
        rounds: withGenerators ? 2 * rounds : rounds,
        share,
      };
      cells.push(await runApart(CHILD, job, ['--expose-gc']));
    }
    rows.push({ name, cells });
    log(`${name}: ${cells.map(({ ratio }) => ratio.median.toFixed(3)).join('  ')}`);
  }
  return rows;
}

/**
 * @returns {Promise<{ name: string | undefined, bytes: number, ratio: number }[]>} the highest
 *   memory of a process that compiles all files, and its ratio to Babel alone
 */
export async function measureMemory({ dist, rounds, log }) {
  const names = [undefined, ...NAMES_OF_PLUGINS];
  const samples = names.map(() => []);
  for (let i = 0; i < rounds; i++) {
    for (const [at, name] of names.entries()) {
      samples[at].push(await runApart(MEMORY_CHILD, { dist, name }));
    }
    log(`peak memory, round ${i + 1} of ${rounds}`);
  }
  const alone = spread(samples[0]).median;
  return names.map((name, at) => {
    const { median } = spread(samples[at]);
    return { name, bytes: median, ratio: median / alone };
  });
}
