/**
 * `bun test --preload asyncgen-hooks/bun-test`: hooks for all tests of the run, and the plugin that compiles them.
 *
 * Bun calls no test in the async context of its `beforeEach`, so what begins belongs to the test that runs at that moment.
 *
 * | begins in                                | belongs to                                            |
 * |------------------------------------------|-------------------------------------------------------|
 * | a test, its hooks                        | the test                                              |
 * | tests that run at the same time          | the run: nothing says which of them it is             |
 * | `beforeAll`, `afterAll`, the top         | the run: no hook is called at the end of a file       |
 */
import { createRequire } from 'node:module';
import { warn } from '../../messages.js';
import { turn } from '../../time.js';
import asyncGenHooks from '../bundlers/bun.js';
import { watchAsConfigured } from './configured.js';
import { setOnlyTest } from './current.js';
import { startRun, tellRun } from './run.js';
import type { TestWatch } from './watch.js';

type Hook = (fn: () => void | Promise<void>) => void;

interface BunTest {
  readonly beforeEach: Hook;
  readonly afterEach: Hook;
  readonly afterAll: Hook;
  readonly onTestFinished: Hook;
  readonly jest?: { isFakeTimers?(): boolean };
}

interface BunHost {
  readonly Bun?: { plugin(plugin: ReturnType<typeof asyncGenHooks>): void };
}

const { Bun } = globalThis as BunHost;

if (Bun === undefined)
  throw Object.assign(
    new Error(
      'asyncgen-hooks/bun-test: this is not Bun. Run bun test --preload asyncgen-hooks/bun-test; docs/tests.md has the ' +
        'entries for other runners.',
    ),
    { code: 'ERR_ASYNCGEN_RUNNER' },
  );

Bun.plugin(asyncGenHooks());
watchTests(createRequire(import.meta.url)('bun:test') as BunTest);

function watchTests({ beforeEach, afterEach, afterAll, onTestFinished, jest }: BunTest): void {
  const endRun = startRun();
  const run = watchAsConfigured('the run');
  let open: TestWatch | undefined;

  const take = (): TestWatch | undefined => {
    const test = open;
    setOnlyTest((open = undefined));
    return test;
  };
  /** Bun mocks every timer and clock that there is, so nothing can wait for a time then. */
  const end = async (test: TestWatch): Promise<Error | undefined> => {
    if (jest?.isFakeTimers?.() !== true) return test.end();
    await turn();
    return test.endAtOnce();
  };
  /** A hook of the last test has failed: then Bun calls no further one. */
  const endLast = (): void => {
    const error = take()?.endAtOnce();
    if (error !== undefined) warn(error.stack!, 'ERR_ASYNCGEN_OPEN');
  };

  beforeEach(() => {
    endLast();
    if (!isConcurrent(onTestFinished)) setOnlyTest((open = run.test()));
  });
  // Behind those of the test's file, and what the test itself has put to its end: they may close what it began.
  afterEach(() => {
    if (open === undefined) return;
    if (open.isClosed) return void take()!.endIfClosed();
    onTestFinished(async () => {
      const test = take();
      const error = test && (await end(test));
      if (error !== undefined) throw error;
    });
  });
  afterAll(async () => {
    endLast();
    tellRun();
    const error = await end(run.file);
    endRun();
    if (error !== undefined) throw error;
  });
}

/** Bun has no other way to ask. */
function isConcurrent(onTestFinished: Hook): boolean {
  try {
    onTestFinished(() => {});
    return false;
  } catch {
    return true;
  }
}
