/**
 * Playwright's runner: fixtures, and what compiles, in the configuration, which Playwright loads in each of its processes.
 * A process runs one test at a time, so what begins belongs to the test that runs at that moment.
 */
import { createRequire } from 'node:module';
import process from 'node:process';
import { install } from '../node/loader/install.js';
import { watchAsConfigured } from './configured.js';
import { runInTest, setOnlyTest } from './current.js';
import { startRun, tellRun } from './run.js';
import type { FileWatch } from './watch.js';

/** Where it takes time: settles when modules are compiled. */
export const ready = install()?.();

startRun();

type Use<Value> = (value: Value) => Promise<void>;

/** From here on, since the top of a file may begin some. Only workers run tests. */
const early =
  process.env['TEST_WORKER_INDEX'] === undefined ? undefined : watchAsConfigured('the worker');

interface Pool {
  readonly _registrations: Map<string, { fn: unknown; readonly scope: string }>;
  validate(): string;
}

type Modules = Partial<
  Record<string, { readonly exports: { fixtures?: object; FixturePool?: { prototype: Pool } } }>
>;

if (early !== undefined) watchWorkerFixtures(early);

/**
 * A fixture of the worker's scope begins in the first test that asks for it, and goes on behind that test. What it began belongs to
 * the worker. The class that has them all is internal, and loaded before any configuration.
 */
function watchWorkerFixtures({ file: worker }: FileWatch): void {
  const cache = createRequire(import.meta.url).cache as Modules;
  const files = Object.keys(cache).filter((file) =>
    /[\\/]playwright[\\/]lib[\\/]common[\\/]/.test(file),
  );
  const found = files
    .map((file) => cache[file]!.exports)
    .find((each) => 'FixturePool' in (each.fixtures ?? each));
  const prototype = ((found?.fixtures ?? found) as typeof found)?.FixturePool?.prototype;
  if (prototype === undefined) return;
  const { validate } = prototype;
  /** Playwright tells fixtures apart by their functions. */
  const calls = new WeakMap<object, unknown>();
  prototype.validate = function () {
    for (const registration of this._registrations.values()) {
      const { fn, scope } = registration;
      if (
        scope !== 'worker' ||
        typeof fn !== 'function' ||
        fn === watchWorker ||
        calls.get(fn) === fn
      )
        continue;
      let call = calls.get(fn);
      if (call === undefined) {
        call = Object.assign(
          (...args: unknown[]) => runInTest(worker, fn as never, ...args) as unknown,
          fn,
        );
        calls.set(fn, call);
        calls.set(call as object, call);
      }
      registration.fn = call;
    }
    return validate.call(this);
  };
}

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
