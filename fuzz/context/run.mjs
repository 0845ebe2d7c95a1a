/** `npm run fuzz:context`: random programs with stores, as they are and with keepAsyncContext(). */
import { createRequire } from 'node:module';
import { transformSync } from '@babel/core';
import { collectGarbage } from '../../scripts/garbage.mjs';
import { readArguments, readCount, runCommand } from '../../scripts/usage.mjs';
import { printProgram } from './print.mjs';
import { World } from './world.mjs';

const HELP = `Usage: npm run fuzz:context -- [options]

Runs random programs that set and read AsyncLocalStorage around and inside of async generators, and asks
that a body reads what was set where the generator function was called, and everything else what was
set where it stands. What is dropped is closed by a tracker, and asked the same.

  --programs <number>  how many (default 20000)
  --seed <number>      one seed gives one set of programs; random if left out
  --only <number>      runs one program, and prints it
  --help               prints this

Exits with 1 if a program read something else, and prints the first one.
`;

const BATCH = 200;
const require = createRequire(import.meta.url);
const dist = (name) => require.resolve(`../../dist/${name}.cjs`);

runCommand('fuzz/context', async () => {
  const { values } = readArguments({
    programs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    only: { type: 'string' },
  });
  if (values.help) return console.log(HELP);
  const seed = readCount('--seed', values.seed, 0);
  const count = readCount('--programs', values.programs, 1);
  const only = values.only === undefined ? undefined : readCount('--only', values.only, 0);
  const numbers = only === undefined ? Array.from({ length: count }, (_, i) => i) : [only];
  if (only !== undefined) console.log(textOf(seed, only));

  // The programs fail by themselves, too, in `finally` blocks that the tracker has to tell of.
  process.removeAllListeners('warning');
  const native = new World();
  for (const number of numbers) await native.run(number, textOf(seed, number));

  const kept = new World();
  const closed = await runKept(kept, seed, numbers);

  console.log(
    `seed ${seed}, ${numbers.length} programs, Node ${process.version}: ${kept.reads} reads, ` +
      `${closed} of them in finally blocks of dropped generators`,
  );
  console.log(`natively, ${native.wrong.size} programs read something else than the rule has`);
  console.log(`with keepAsyncContext(), ${kept.wrong.size}`);
  if (kept.wrong.size === 0) return;
  process.exitCode = 1;
  const [number] = kept.wrong.keys();
  console.log(`the first of them (--seed ${seed} --only ${number}):\n\n${textOf(seed, number)}`);
});

/** @returns how much was read while only a tracker was at work. */
async function runKept(world, seed, numbers) {
  const { keepAsyncContext } = require(dist('context'));
  const { trackAsyncGens } = require(dist('lifecycle'));
  keepAsyncContext();
  trackAsyncGens({ onAbandoned: () => {} });
  let closed = 0;
  for (let at = 0; at < numbers.length; at += BATCH) {
    for (const number of numbers.slice(at, at + BATCH))
      await world.run(number, compile(textOf(seed, number)));
    const before = world.reads;
    await collectGarbage(4);
    closed += world.reads - before;
  }
  return closed;
}

function compile(text) {
  const { code } = transformSync(`module.exports = () => { ${text} };`, {
    babelrc: false,
    configFile: false,
    compact: false,
    sourceType: 'script',
    filename: 'program.js',
    plugins: [[dist('babel'), { importSource: dist('shim') }]],
  });
  return `const module = {}; const require = load;\n${code}\nreturn module.exports();`;
}

/** The program of this number; mulberry32. */
function textOf(seed, number) {
  let state = (seed * 0x9e3779b1 + number * 0x85ebca6b) | 0;
  return printProgram(() => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  });
}
