/**
 * Playwright's runner: fixtures, and what compiles, in the configuration, which Playwright loads in each of its processes.
 * A process runs one test at a time, so what begins belongs to the test that runs at that moment.
 */
import process from 'node:process';
import { install } from '../node/loader/install.js';
import { watchAsConfigured } from './configured.js';
import { setOnlyTest } from './current.js';
import { startRun, tellRun } from './run.js';
import type { FileWatch } from './watch.js';

/** Where it takes time: settles when modules are compiled. */
export const ready = install()?.();

startRun();

type Use<Value> = (value: Value) => Promise<void>;

/** From here on, since the top of a file may begin some. Only workers run tests. */
const early =
  process.env['TEST_WORKER_INDEX'] === undefined ? undefined : watchAsConfigured('the worker');

/** Playwright reads their first parameters from their texts: `{}`, or names in braces. */
async function watchWorker({}: object, use: Use<FileWatch>): Promise<void> {
  const worker = early ?? watchAsConfigured('the worker');
  await use(worker);
  tellRun();
  const error = await worker.end();
  if (error !== undefined) throw error;
}

async function watchTest(
  { asyncGenWorker }: { asyncGenWorker: FileWatch },
  use: Use<void>,
): Promise<void> {
  const test = asyncGenWorker.test();
  setOnlyTest(test);
  try {
    await use();
  } finally {
    setOnlyTest(undefined);
  }
  const error = await test.end();
  if (error !== undefined) throw error;
}

/** No step of them stands in a report, and no limit of the test's hits before a blocked generator is named. */
const HIDDEN = { auto: true, box: true, timeout: 0 } as const;

/** Fixtures for `test.extend()`: a test fails that leaves a generator open. */
export const asyncGenFixtures: {
  asyncGenWorker: [typeof watchWorker, { scope: 'worker'; auto: true; box: true; timeout: 0 }];
  asyncGenTest: [typeof watchTest, { auto: true; box: true; timeout: 0 }];
} = {
  asyncGenWorker: [watchWorker, { scope: 'worker', ...HIDDEN }],
  asyncGenTest: [watchTest, HIDDEN],
};
