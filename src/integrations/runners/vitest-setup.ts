/** A setup file of Vitest's, which the plugin adds. */
import * as vitest from 'vitest';
import { unpackTestOptions } from './options.js';
import { tellRun } from './run.js';
import { PROVIDED, type Provided } from './vitest-provided.js';
import { FileWatch } from './watch.js';

const { aroundAll, aroundEach, inject } = vitest;

if (typeof aroundEach !== 'function' || typeof aroundAll !== 'function')
  throw Object.assign(
    new Error(
      'asyncgen-hooks/vitest: this Vitest has nothing to put around a test. Update it to 4.1 or newer, or take ' +
        'asyncgen-hooks/vite, which compiles and does not watch.',
    ),
    { code: 'ERR_ASYNCGEN_RUNNER' },
  );

const { tests, root } = inject(PROVIDED as never) as Provided;

const KEY = Symbol.for('asyncgen-hooks/vitest/1');

interface Host {
  [KEY]?: FileWatch | undefined;
}

const host = globalThis as Host;

// Without isolation this runs for each file in one realm. That of a file that did not load has nobody to end it.
await host[KEY]?.end();

/** From here on, since the top of the file may begin some. */
const watch = (host[KEY] = new FileWatch(unpackTestOptions(tests), {
  root,
  get file() {
    return vitest.expect.getState().testPath;
  },
}));

/** A short "hookTimeout" of the project's would hit before a blocked generator is named; ours holds in any case. */
const UNLIMITED = Infinity;

aroundAll(async (runFile) => {
  await watch.file.run(runFile);
  tellRun();
  const error = await watch.end();
  host[KEY] = undefined;
  if (error !== undefined) throw error;
}, UNLIMITED);

aroundEach(async (runTest) => {
  const test = watch.test();
  await test.run(runTest);
  const error = await test.end();
  if (error !== undefined) throw error;
}, UNLIMITED);
