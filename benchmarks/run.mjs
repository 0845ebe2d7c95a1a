/** `npm run bench`: measures all, writes RESULTS.md and the picture of its main table. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cac } from 'cac';
import { measureCompile, measureMemory } from './compile/index.mjs';
import { readCorpus } from './compile/corpus.mjs';
import { measureOutput, measureShim } from './compile/size.mjs';
import { drawRatios } from './lib/chart.mjs';
import { measureBuilds } from './builds/index.mjs';
import { measureEngine } from './engine/index.mjs';
import { measureSwc } from './swc/index.mjs';
import { findDist } from './lib/dist.mjs';
import { prettify } from './lib/format.mjs';
import { describeRun } from './lib/machine.mjs';
import {
  reportBuilds,
  reportCompile,
  reportEngine,
  reportLive,
  reportRun,
  reportRuntime,
  reportSize,
  reportStart,
  reportSwc,
} from './lib/report.mjs';
import { measureLiveCost, measureLiveMemory } from './live/index.mjs';
import { API_LOADED, COMMON_HOOKS, ours } from './runtime/configurations.mjs';
import { measureStart } from './start/run.mjs';
import { COUNTS, ITEMS, measureRuntime } from './runtime/index.mjs';

const SECTIONS = ['runtime', 'compile', 'swc', 'engine', 'builds', 'size', 'live', 'start'];
const RESULTS = new URL('RESULTS.md', import.meta.url);
const CHART = new URL('results.svg', import.meta.url);

const cli = cac('benchmarks/run.mjs');
cli.usage('measures asyncgen-hooks against native generators and writes benchmarks/RESULTS.md');
cli.option('--only <sections>', `some of ${SECTIONS.join(',')}; prints instead of writing`);
cli.option(
  '--quick',
  'few rounds and small numbers, to see that it works; prints instead of writing',
);
cli.option('--pick <text>', 'run time: only configurations with this in their name; prints');
cli.option(
  '--dist <folder>',
  'measure another build (start: beside this one); prints instead of writing',
);
cli.help();
const { options } = cli.parse();
if (options.help) process.exit();

const dist = findDist(options.dist);
const sections = options.only?.split(',') ?? (options.pick ? ['runtime'] : SECTIONS);
const writes = !options.only && !options.quick && !options.dist && !options.pick;

const unknown = sections.find((section) => !SECTIONS.includes(section));
if (unknown !== undefined) {
  fail(`--only, "${unknown}" is not a section. Choose from ${SECTIONS.join(', ')}.`);
}

function fail(text) {
  console.error(`asyncgen-hooks/benchmarks: ${text}`);
  process.exit(2);
}

const start = performance.now();
const log = (text) => {
  const seconds = Math.round((performance.now() - start) / 1000);
  console.error(`${String(seconds).padStart(5)} s  ${text}`);
};

const names = ours(dist).map(({ name }) => name);
const { quick } = options;

const measure = {
  async runtime() {
    const items = quick ? [1, 500] : ITEMS;
    const counts = quick ? [1] : COUNTS;
    const pick = options.pick ? (name) => name.includes(options.pick) : undefined;
    const rows = await measureRuntime({ dist, rounds: quick ? 7 : 15, items, counts, pick, log });
    return { report: reportRuntime({ rows, items }), rows, items };
  },
  async compile() {
    const rows = await measureCompile({ dist, rounds: quick ? 1 : 4, log });
    const memory = await measureMemory({ dist, rounds: quick ? 1 : 3, log });
    const files = readCorpus();
    const counts = [true, false].map(
      (wanted) => files.filter(({ generators }) => generators > 0 === wanted).length,
    );
    return { report: reportCompile({ rows, memory, counts }) };
  },
  async swc() {
    return { report: reportSwc(await measureSwc({ rounds: quick ? 3 : 24, log })) };
  },
  async engine() {
    return { report: reportEngine(await measureEngine({ dist, rounds: quick ? 3 : 15, log })) };
  },
  async builds() {
    return { report: reportBuilds(await measureBuilds({ dist, rounds: quick ? 1 : 3, log })) };
  },
  async size() {
    const [shim, output] = [await measureShim({ dist }), await measureOutput({ dist })];
    log(`shim: ${shim.gzipped} bytes gzipped`);
    return { report: reportSize({ shim, output }) };
  },
  async live() {
    const memory = await measureLiveMemory({ dist, names, log });
    const lives = quick ? [1000, 100_000] : [1000, 10_000, 100_000, 1_000_000];
    const cost = await measureLiveCost({
      dist,
      names: [API_LOADED, 'finalizer', COMMON_HOOKS],
      lives,
      rounds: quick ? 1 : 3,
      log,
    });
    return { report: reportLive({ memory, cost }) };
  },
  start() {
    return { report: reportStart(measureStart({ rounds: quick ? 3 : 15, log, dist })) };
  },
};

/** The table of one function at the top level, for the docs. */
function drawMainTable({ rows, items }) {
  const main = rows.filter(({ form, count }) => form === 'declaration' && count === 1);
  const series = [1, 500].map((item) => ({
    name: `${item} item${item > 1 ? 's' : ''} a generator`,
    values: main.map(({ cells }) => cells[items.indexOf(item)].ratio.median),
  }));
  const rowNames = main.map(({ name }) => name);
  return drawRatios('Time over native async generators (1× is native)', rowNames, series);
}

const results = {};
for (const section of sections) {
  log(`${section} …`);
  results[section] = await measure[section]();
}

const command = [
  'npm run bench',
  ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : []),
];
const parts = [
  '# Results',
  'Written by the command below. Do not edit.',
  reportRun(describeRun(options.dist ? 'another build' : command.join(' '))),
  ...sections.map((section) => results[section].report),
];
const text = await prettify(parts.join('\n\n'), fileURLToPath(RESULTS));
if (writes) {
  await writeFile(RESULTS, text);
  await writeFile(CHART, drawMainTable(results.runtime));
  log('written: benchmarks/RESULTS.md, benchmarks/results.svg');
} else {
  console.log(text);
}
