/** Measures one plugin against Babel alone: a process of its own. */
import { spread, timeSync } from '../lib/pairs.mjs';
import { answer, readJob } from '../lib/processes.mjs';
import { makeCompile, OURS, OUTPUT } from './configurations.mjs';
import { readCorpus } from './corpus.mjs';

/** Files are compiled in groups of this size, by the one and by the other in turn. */
const GROUP = 20;

const { dist, name, withGenerators, rounds, share } = readJob();
const files = readCorpus().filter(({ generators }) => generators > 0 === withGenerators);
const native = await makeCompile(undefined, dist);
const variant = name === OUTPUT ? native : await makeCompile(name, dist);
const given = name === OUTPUT ? await compiledByUs() : files;

const groups = [];
for (let i = 0; i < files.length; i += GROUP) {
  groups.push({ plain: files.slice(i, i + GROUP), given: given.slice(i, i + GROUP) });
}

async function compiledByUs() {
  const compile = await makeCompile(OURS, dist);
  return files.map((file) => ({ ...file, code: compile(file) }));
}

/** After a full collection, so that the one does not pay for what the other left. */
function compileGroup(compile, group) {
  globalThis.gc();
  return timeSync(() => {
    for (const file of group) compile(file);
  });
}

/** Both compile one of `share` parts of the files; the ratio of the two sums. */
function round(index) {
  const part = groups.filter((_, i) => i % share === index % share);
  const sums = { native: 0, variant: 0 };
  part.forEach((group, i) => {
    const nativeFirst = (i + Math.floor(index / share)) % 2 === 0;
    if (nativeFirst) sums.native += compileGroup(native, group.plain);
    sums.variant += compileGroup(variant, group.given);
    if (!nativeFirst) sums.native += compileGroup(native, group.plain);
  });
  const count = part.reduce((sum, { plain }) => sum + plain.length, 0);
  return { ...sums, ratio: sums.variant / sums.native, files: count };
}

const WARM_UP = 300;
let warm = 0;
for (let i = 0; warm < WARM_UP; i++) warm += round(i).files;
const results = Array.from({ length: rounds }, (_, i) => round(i));
answer({
  ratio: spread(results.map(({ ratio }) => ratio)),
  native: spread(results.map(({ native, files }) => native / files)).median,
  variant: spread(results.map(({ variant, files }) => variant / files)).median,
});
