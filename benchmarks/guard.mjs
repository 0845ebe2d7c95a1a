/**
 * `node benchmarks/guard.mjs`: fails where a cost has grown beyond its bound, has none, or is not
 * measured any more. Quick enough to run for each change, and made for machines that do other work
 * too: ratios of processor time, in paired rounds; what is beyond its bound is measured again before
 * it counts.
 */
import { cac } from 'cac';
import { measureCompile } from './compile/index.mjs';
import { OURS } from './compile/configurations.mjs';
import { measureOutput, measureShim } from './compile/size.mjs';
import { findDist } from './lib/dist.mjs';
import { judge } from './lib/judge.mjs';
import { measureLiveMemory } from './live/index.mjs';
import { API_LOADED, COMMON_HOOKS, NO_HOOKS } from './runtime/configurations.mjs';
import { measureRuntime } from './runtime/index.mjs';
import { BOUNDS } from './bounds.mjs';

const cli = cac('benchmarks/guard.mjs');
cli.usage(
  'fails where a cost of asyncgen-hooks has grown beyond its bound (benchmarks/bounds.mjs)',
);
cli.option('--dist <folder>', 'check another build');
cli.help();
const { options } = cli.parse();
if (options.help) process.exit();

const dist = findDist(options.dist);

const ATTEMPTS = 3;
const log = () => {};
const ITEMS = [1, 500];

/** Each gives what it measured, by the names that the bounds have. */
const measures = {
  async runtime() {
    const pick = (name) => [NO_HOOKS, API_LOADED, COMMON_HOOKS].includes(name);
    const counts = [1, 8];
    const rows = await measureRuntime({ dist, rounds: 9, items: ITEMS, counts, pick, log });
    return rows.flatMap(({ name, form, count, cells }) =>
      cells.map(({ ratio }, i) => [
        `${name}, ${form}, ${count} function${count > 1 ? 's' : ''}, ${ITEMS[i]} item${ITEMS[i] > 1 ? 's' : ''}`,
        ratio.median,
      ]),
    );
  },
  async compile() {
    const [{ cells }] = await measureCompile({ dist, rounds: 2, names: [OURS], log });
    return [
      ['compile time, files with generators', cells[0].ratio.median],
      ['compile time, files without generators', cells[1].ratio.median],
    ];
  },
  async size() {
    const shim = await measureShim({ dist });
    const [{ added }] = await measureOutput({ dist, names: [OURS] });
    return [
      ['shim, bytes minified and gzipped', shim.gzipped],
      ['output, bytes added a generator, minified and gzipped', added.gzipped],
    ];
  },
  async memory() {
    const names = [NO_HOOKS, API_LOADED, 'finalizer'];
    const rows = await measureLiveMemory({ dist, names, live: 50_000, log });
    return rows.map(({ name, form, bytes }) => [
      `memory, ${name}, ${form}, bytes a generator`,
      bytes,
    ]);
  },
};

const show = (value) => (value < 20 ? value.toFixed(3) : value.toFixed(0));

/**
 * The lowest value of the attempts counts: noise only adds.
 * @returns what is wrong.
 */
async function check(section) {
  const bounds = BOUNDS[section] ?? {};
  const lowest = new Map();
  let found;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    for (const [name, value] of (await measures[section]?.()) ?? []) {
      lowest.set(name, Math.min(value, lowest.get(name) ?? Infinity));
    }
    found = judge(lowest, bounds);
    if (found.beyond.length === 0) break;
  }
  const { beyond, unbound, missing } = found;
  for (const [name, value] of lowest) {
    const isBound = !unbound.includes(name);
    const verdict = !isBound ? '??????' : beyond.includes(name) ? 'BEYOND' : 'ok    ';
    console.log(
      `${verdict} ${name}: ${show(value)}, bound ${isBound ? show(bounds[name]) : 'none'}`,
    );
  }
  return [
    ...beyond.map(
      (name) =>
        `${name}, it is ${show(lowest.get(name))} and may be ${show(bounds[name])}. Find the change ` +
        'that costs (`npm run bench -- --quick`), or raise the bound in benchmarks/bounds.mjs and ' +
        'say why in the commit.',
    ),
    ...unbound.map(
      (name) =>
        `${name}, it is measured and has no bound. Give it one under "${section}" in benchmarks/bounds.mjs.`,
    ),
    ...missing.map(
      (name) =>
        `${name}, it has a bound and is not measured. Measure it in benchmarks/guard.mjs under that ` +
        `name, or take it out of "${section}" in benchmarks/bounds.mjs.`,
    ),
  ];
}

const failures = [];
for (const section of new Set([...Object.keys(measures), ...Object.keys(BOUNDS)])) {
  failures.push(...(await check(section)));
}
for (const text of failures) console.error(`asyncgen-hooks/benchmarks: ${text}`);
process.exit(failures.length > 0 ? 1 : 0);
