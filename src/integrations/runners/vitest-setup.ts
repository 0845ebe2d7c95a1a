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
let watch: FileWatch;

/** A short "hookTimeout" of the project's would hit before a blocked generator is named; ours holds in any case. */
const UNLIMITED = Infinity;

aroundAll(async (runFile) => {
  const file = vitest.expect.getState().testPath;
  watch = new FileWatch(unpackTestOptions(tests), { root, file });
  await watch.file.run(runFile);
  tellRun();
  const error = await watch.end();
  if (error !== undefined) throw error;
}, UNLIMITED);

aroundEach(async (runTest) => {
  const test = watch.test();
  await test.run(runTest);
  const error = await test.end();
  if (error !== undefined) throw error;
}, UNLIMITED);
