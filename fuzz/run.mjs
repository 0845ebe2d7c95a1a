/**
 * The fuzzer: `node fuzz/run.mjs [--programs 100000] [--seed n] [--workers n] [--dist folder]
 * [--batch n]`. One seed gives one set of programs, whatever the number of workers; `--batch` runs
 * one batch of it again. Ends with 1 if a program failed.
 */
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { open, shrink } from './batch.mjs';
import { describe } from './report.mjs';
import { SIZE, seedOf } from './seeds.mjs';

const NEWS = 5_000;

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    workers: { type: 'string', default: String(availableParallelism()) },
    dist: { type: 'string' },
    batch: { type: 'string' },
  },
});
const seed = Number(values.seed);
const dist = values.dist && resolve(values.dist);
const only = values.batch === undefined ? null : Number(values.batch);
const first = only ?? 0;
const end = only === null ? Math.ceil(Number(values.programs) / SIZE) : only + 1;
const workers = Math.min(Number(values.workers), end - first);

console.log(`seed ${seed}, ${(end - first) * SIZE} programs, ${workers} workers`);
const started = performance.now();
const failures = await runAll();
if (failures.length === 0) {
  const seconds = (performance.now() - started) / 1000;
  console.log(`all equal, in ${seconds.toFixed(0)} s`);
} else {
  // The lowest, so that a seed always gives the same answer.
  const [{ batch, index, testCase, difference }] = failures.sort((a, b) => a.batch - b.batch);
  console.log(`batch ${batch}, program ${index}: ${difference.what}. Shrinking it.`);
  const least = await shrink(seedOf(seed, batch), index, open(dist));
  if (least === null) console.log('Alone in its file it does not fail; this is it, not shrunk.');
  console.log(describe(least ?? { testCase, difference }));
  console.log(`\nAgain: node fuzz/run.mjs --seed ${seed} --batch ${batch}`);
}
process.exit(failures.length === 0 ? 0 : 1);

/** Hands out the batches in turn; after a failure only those that come before it. */
async function runAll() {
  const failures = [];
  let next = first;
  let limit = end;
  let done = 0;
  const hear = (worker, { batch, failure }) => {
    if (failure) {
      failures.push({ batch, ...failure });
      limit = Math.min(limit, batch);
    }
    done += SIZE;
    if (done % NEWS === 0) {
      const rate = (done / (performance.now() - started)) * 1000;
      console.log(`${done} programs, ${rate.toFixed(0)} a second`);
    }
    give(worker);
  };
  const give = (worker) => worker.postMessage(next < limit ? next++ : null);
  const works = Array.from({ length: workers }, () => {
    const worker = new Worker(new URL('worker.mjs', import.meta.url), {
      workerData: { seed, dist },
    });
    worker.on('message', (message) => hear(worker, message));
    give(worker);
    return new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
  });
  await Promise.all(works);
  return failures;
}
