import { fileURLToPath } from 'node:url';
import { spread } from '../lib/pairs.mjs';
import { runApart } from '../lib/processes.mjs';
import { BABEL, ENGINE, RIVAL } from './compilers.mjs';
import { LANGUAGES, readFiles } from './files.mjs';

const WARM_CHILD = new URL('warm-child.mjs', import.meta.url);
const FIRST_CHILD = new URL('first-child.mjs', import.meta.url);

/** The goal of the engine: against Babel with the plugin. */
export const GOAL = 0.2;

/**
 * Compile time of the engine, and of the rival, over that of Babel with the plugin: with all warm, and of the first
 * file of a process, with what it takes to load the compiler.
 *
 * @returns {Promise<{ name: string, language: string, files: number, warm: Spread, first: Spread }[]>}
 */
export async function measureEngine({ dist: url, rounds, log }) {
  const dist = fileURLToPath(url);
  const rows = [];
  for (const language of LANGUAGES) {
    const files = readFiles(language);
    // One of the usual size: the children get it as an argument.
    const file = files[files.length >> 1];
    // The rival knows no TypeScript.
    for (const name of language === 'TypeScript' ? [ENGINE] : [ENGINE, RIVAL]) {
      const job = { dist, language, names: [BABEL, name], rounds };
      const warm = await runApart(WARM_CHILD, job, ['--expose-gc']);
      const ratios = [];
      for (let i = 0; i < rounds; i++) {
        const took = {};
        for (const each of i % 2 === 0 ? [BABEL, name] : [name, BABEL])
          took[each] = await runApart(FIRST_CHILD, { dist, language, name: each, file });
        ratios.push(took[name] / took[BABEL]);
      }
      const row = { name, language, files: files.length, warm: warm.ratio, first: spread(ratios) };
      rows.push(row);
      log(`${name}, ${language}: ${row.warm.median.toFixed(3)}  ${row.first.median.toFixed(3)}`);
    }
  }
  return rows;
}
