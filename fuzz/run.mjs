/** `npm run fuzz`: random programs, as they are and compiled. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Worker } from 'node:worker_threads';
import { COMPILERS, readCompiler } from '../scripts/compilers.mjs';
import { readCount, readUsage, runCommand, UsageError } from '../scripts/usage.mjs';
import { open, shrink } from './batch.mjs';
import { describe } from './report.mjs';
import { SIZE, seedOf } from './seeds.mjs';

const HELP = `Usage: npm run fuzz -- [options]

Runs random programs of async generators as they are and compiled, and asks that results, the order
of effects and the hooks that are called are what they have to be.

  --programs <number>  how many (default 100000)
  --seed <number>      one seed gives one set of programs, whatever the number of threads; random if left out
  --batch <number>     runs one batch of a seed again
  --edits              writes the programs in random ways: white space, comments, semicolons, line ends
  --dist <folder>      a build of another place
  --compiler <name>    ${COMPILERS.join(', ')}; babel if left out
  --jobs <number>      threads; one for each processor if left out
  --help               prints this

Exits with 1 if a program failed, and prints it shrunk.
`;

const NEWS = 5_000;

runCommand('fuzz/run', async () => {
  const { values } = readUsage({
    programs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
    dist: { type: 'string' },
    compiler: { type: 'string', default: 'babel' },
    edits: { type: 'boolean', default: false },
    batch: { type: 'string' },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const { edits } = values;
  const dist = values.dist && resolve(values.dist);
  if (dist && !statSync(dist, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`--dist "${values.dist}", it is no folder. Give one with a build.`);
  }
  const compiler = readCompiler(values.compiler);
  const seed = readCount('--seed', values.seed, 0);
  const programs = readCount('--programs', values.programs, 1);
  const only = values.batch === undefined ? undefined : readCount('--batch', values.batch, 0);
  const first = only ?? 0;
  const end = only === undefined ? Math.ceil(programs / SIZE) : only + 1;
  const workers = Math.min(values.jobs, end - first);

  const asked = (end - first) * SIZE;
  console.log(`seed ${seed}, ${asked} programs, ${workers} threads`);
  const started = performance.now();
  const { failures, done } = await runAll({
    seed,
    dist,
    compiler,
    edits,
    first,
    end,
    workers,
    started,
  });
  if (failures.length === 0) {
    if (done < asked) {
      throw new Error(
        `fuzz/run: programs, ${done} of ${asked} were run. Look for what ended a thread.`,
      );
    }
    const seconds = (performance.now() - started) / 1000;
    console.log(`${done} programs were run, all equal, in ${seconds.toFixed(0)} s`);
    return;
  }
  // The lowest, so that a seed always gives the same answer.
  const [{ batch, index, testCase, difference }] = failures.sort((a, b) => a.batch - b.batch);
  console.log(`batch ${batch}, program ${index}: ${difference.what}. Shrinking it.`);
  const least = await shrink(seedOf(seed, batch), index, open(dist, compiler, edits));
  if (least === null) console.log('Alone in its file it does not fail; this is it, not shrunk.');
  console.log(describe(least ?? { testCase, difference }));
  console.log(
    `\nAgain: npm run fuzz -- --seed ${seed} --batch ${batch} --compiler ${compiler}${edits ? ' --edits' : ''}`,
  );
  process.exit(1);
});

/** Hands out the batches in turn; after a failure only those that come before it. */
async function runAll({ seed, dist, compiler, edits, first, end, workers, started }) {
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
      workerData: { seed, dist, compiler, edits },
    });
    worker.on('message', (message) => hear(worker, message));
    give(worker);
    return new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject));
  });
  await Promise.all(works);
  return { failures, done };
}
