/**
 * What the tracker's `collectAfter` costs: for how long a collection blocks the event loop, by the size of the heap,
 * as a share of the time if there is one every ten seconds, and as a ratio to the smallest heap of this run.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { transformSync } from '@babel/core';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const PERIOD = 10_000;
const OFTEN = 20;
const ROUNDS = 7;
/** What outlived one collection is found by the next. */
const COLLECTIONS = 3;

const module = { exports: undefined };
const { code } = transformSync('module.exports = async function* () { yield 1; yield 2; };', {
  configFile: false,
  babelrc: false,
  sourceType: 'script',
  plugins: [require.resolve('asyncgen-hooks/babel')],
});
new Function('module', 'require', code)(module, require);
const { trackAsyncGens } = require('asyncgen-hooks/lifecycle');

const pauses = [];
new PerformanceObserver((list) => {
  for (const { duration, detail } of list.getEntries())
    if (detail.kind === 4) pauses.push(duration);
}).observe({ entryTypes: ['gc'] });

const heap = [];
const megabytes = () => process.memoryUsage().heapUsed / 1024 ** 2;
function fillTo(size) {
  while (megabytes() < size)
    heap.push(Array.from({ length: 1000 }, (_, id) => ({ id, name: `row ${id}` })));
}

trackAsyncGens({ collectAfter: OFTEN });
const gen = module.exports();
await gen.next();
let first;
console.log('heap     share of the time   ratio');
for (const size of [20, 100, 400]) {
  fillTo(size);
  pauses.length = 0;
  while (pauses.length < ROUNDS) await sleep(OFTEN);
  const middle = pauses.slice(0, ROUNDS).sort((a, b) => a - b)[ROUNDS >> 1];
  first ??= middle;
  console.log(
    `${String(size).padStart(3)} MB   ${((100 * COLLECTIONS * middle) / PERIOD).toFixed(2).padStart(14)} %   ${(middle / first).toFixed(1).padStart(5)}`,
  );
}
await gen.return();
