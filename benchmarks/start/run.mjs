/**
 * `node benchmarks/start/run.mjs [rounds]`: how long a program of 1,000 modules takes to start, and one of two lines from
 * its start to its end, with plain Node and in each way of this package. Prints one line for each. Nothing is
 * kept between runs, so each is as the very first one.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from 'simple-statistics';
import { writeTree } from './tree.mjs';

const own = new URL('../../dist/', import.meta.url).href;
const PROGRAMS = [
  { program: 'two lines', file: 'two.mjs', modules: 1, goal: 1.6 },
  { program: '1,000 ES modules', file: 'm0.mjs', modules: 1000, goal: 1.05 },
  { program: '1,000 CommonJS', file: 'm0.cjs', modules: 1000, goal: 1.05 },
];

/** @param name of the package's folder in `node_modules`. */
const waysOf = (dist, name, suffix = '') => ({
  [`--import asyncgen-hooks/register${suffix}`]: ['--import', `${name}/register`],
  [`--require asyncgen-hooks/register${suffix}`]: ['--require', `${name}/register`],
  [`npx asyncgen-hooks${suffix}`]: [fileURLToPath(new URL('bin.cjs', dist))],
});

/** @returns what a start took: milliseconds, and milliseconds of the processor. */
function start(folder, modules, args) {
  const begin = process.hrtime.bigint();
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: folder });
  const wall = Number(process.hrtime.bigint() - begin) / 1e6;
  if (status !== 0) throw new Error(String(stderr));
  const [seen, { user, system }] = JSON.parse(stdout);
  if (seen !== modules) throw new Error(`${seen} of ${modules} modules ran`);
  return { wall, cpu: (user + system) / 1e3 };
}

/**
 * Measures in rounds, each way once in each, so that what else the machine does falls on all of them.
 * @param dist another build, measured beside the own one.
 * @returns one entry for each program and way: its ratio to plain Node, the median of the rounds.
 */
export function measureStart({ rounds = 15, log = console.log, dist = own } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'asyncgen-hooks-start-'));
  const packages = { 'asyncgen-hooks': fileURLToPath(new URL('..', own)) };
  const ways = { node: [], ...waysOf(own, 'asyncgen-hooks') };
  if (dist !== own) {
    packages.other = fileURLToPath(new URL('..', dist));
    Object.assign(ways, waysOf(dist, 'other', ', the other build'));
  }
  const width = Math.max(...Object.keys(ways).map((way) => way.length));
  try {
    writeTree(folder, packages);
    const results = [];
    for (const { program, file, modules, goal } of PROGRAMS) {
      const takes = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
      // The first round has the files read from the disk.
      for (let round = 0; round <= rounds; round++) {
        for (const [way, args] of Object.entries(ways)) {
          const took = start(folder, modules, [...args, file]);
          if (round > 0) takes[way].push(took);
        }
      }
      for (const way of Object.keys(ways)) {
        const ratio = (field) =>
          median(takes[way].map((took, round) => took[field] / takes['node'][round][field]));
        const ms = median(takes[way].map(({ wall }) => wall));
        const result = { program, way, ms, ratio: ratio('wall'), cpuRatio: ratio('cpu') };
        results.push(result);
        log(
          [
            program.padEnd(17),
            way.padEnd(width),
            `${ms.toFixed(0)} ms`.padStart(8),
            result.ratio.toFixed(2).padStart(6),
            `(processor ${result.cpuRatio.toFixed(2)})`,
            way === 'node' ? '' : `goal ${goal}`,
          ].join('  '),
        );
      }
    }
    return results;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(
    `Start, 20 of 1,000 modules with async generators, on Node ${process.versions.node}:`,
  );
  measureStart({ rounds: Number(process.argv[2] ?? 15) });
}
