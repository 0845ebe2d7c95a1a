/** Compiles files of the corpus by SWC alone and with each plugin, in turn: a process of its own. */
import { openSwc } from '../../scripts/swc.mjs';
import { readCorpus } from '../compile/corpus.mjs';
import { spread, timeSync } from '../lib/pairs.mjs';
import { answer, readJob } from '../lib/processes.mjs';
import { ALONE, COMPILER } from './plugins.mjs';

const { plugins, withGenerators, from, rounds, share, over } = readJob();
const compile = openSwc(COMPILER);
const ways = [
  { name: ALONE, run: (file) => compileBy(file) },
  ...Object.entries(plugins).map(([name, path]) => ({
    name,
    run: (file) => compileBy(file, path),
  })),
];

function compileBy({ path, code }, plugin) {
  const plugins = plugin === undefined ? [] : [[plugin, {}]];
  return compile(code, { name: path, isModule: 'unknown', plugins });
}

/** SWC has no syntax for some. */
function isTaken(file) {
  try {
    compileBy(file);
    return true;
  } catch {
    return false;
  }
}

const files = readCorpus().filter(
  (file) => file.generators > 0 === withGenerators && file.code.length >= from && isTaken(file),
);

/** All compile one of `share` parts of the files, each group in another order. */
function round(index) {
  const part = files.filter((_, i) => i % share === index % share);
  const sums = Object.fromEntries(ways.map(({ name }) => [name, 0]));
  for (let i = 0; i < part.length; i += GROUP) {
    const group = part.slice(i, i + GROUP);
    for (let turn = 0; turn < ways.length; turn++) {
      const { name, run } = ways[(index + i / GROUP + turn) % ways.length];
      sums[name] += timeSync(() => group.forEach(run));
    }
  }
  return sums;
}

const GROUP = 20;
round(0);
const results = Array.from({ length: rounds }, (_, i) => round(i));
const ratios = (base) =>
  Object.fromEntries(
    ways.map(({ name }) => [name, spread(results.map((sums) => sums[name] / sums[base]))]),
  );
answer({ overAlone: ratios(ALONE), overOne: ratios(over), files: files.length });
