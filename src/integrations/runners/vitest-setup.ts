/** A setup file of Vitest's, which the plugin adds. */
import * as vitest from 'vitest';
import { runInTest } from './current.js';
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

/** Without isolation several of these surround one class. */
const WATCHED = Symbol.for('asyncgen-hooks/vitest/fixtures/1');

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

interface Fixture {
  value: unknown;
  readonly scope: string;
}

interface Fixtures {
  parseUserFixtures(...args: unknown[]): Map<string, Fixture>;
}

watchFixtures();

/**
 * A fixture of the file's or the worker's scope begins in the first test that asks for it, and goes on behind that test. What one
 * of the file began belongs to the file; what one of the worker began, to nobody: no hook is called behind it.
 *
 * The class is internal; `test` leads to one of its objects.
 */
function watchFixtures(): void {
  const symbols = Object.getOwnPropertySymbols(vitest.test);
  const key = symbols.find(({ description }) => description === 'kChainableContext') as never;
  const { getFixtures } = (vitest.test[key] ?? {}) as { getFixtures?(): Fixtures };
  const prototype = getFixtures && (Object.getPrototypeOf(getFixtures()) as Fixtures);
  if (prototype?.parseUserFixtures === undefined || WATCHED in prototype) return;
  const { parseUserFixtures } = prototype;
  const surrounded = new WeakSet<Fixture>();
  prototype.parseUserFixtures = function (...args) {
    const found = parseUserFixtures.apply(this, args);
    for (const fixture of found.values()) {
      const { value, scope } = fixture;
      if (scope === 'test' || typeof value !== 'function' || surrounded.has(fixture)) continue;
      surrounded.add(fixture);
      const call = (...given: unknown[]): unknown => {
        const watch = host[KEY];
        if (watch === undefined) return value(...given);
        return runInTest(scope === 'file' ? watch.file : watch.test(), value as never, ...given);
      };
      fixture.value = Object.assign(call, value);
    }
    return found;
  };
  Object.assign(prototype, { [WATCHED]: true });
}
