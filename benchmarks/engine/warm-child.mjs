/** Compiles all files by two compilers in turn, in one process. */
import { spread, timeSync } from '../lib/pairs.mjs';
import { answer, readJob } from '../lib/processes.mjs';
import { loadCompiler } from './compilers.mjs';
import { readFiles } from './files.mjs';

const { dist, language, names, rounds } = readJob();
const files = readFiles(language);
const compilers = names.map((name) => loadCompiler(name, dist, language === 'TypeScript'));

const compileAll = (compile) => () => {
  for (const file of files) compile(file);
};

function round(index) {
  const took = [];
  for (const at of index % 2 === 0 ? [0, 1] : [1, 0]) {
    globalThis.gc();
    took[at] = timeSync(compileAll(compilers[at]));
  }
  return took[1] / took[0];
}

const WARM_UP = 3;
for (let i = 0; i < WARM_UP; i++) round(i);
answer({ ratio: spread(Array.from({ length: rounds }, (_, i) => round(i))), files: files.length });
