/**
 * An entry of Jest's `setupFilesAfterEnv`. It listens to the events of jest-circus, by which
 * everything becomes a test: `test`, `it`, `.only`, `.concurrent`, `.each`, `.failing`, the globals and
 * those of `@jest/globals`, which are the same functions and cannot be replaced.
 */
import { dirname } from 'node:path';
import process from 'node:process';
import { loadOptions } from '../node/loader/config.js';
import { resolveTestOptions } from './options.js';
import { tellRun } from './run.js';
import { TestWatch, FileWatch } from './watch.js';
import { wrap } from './wrap.js';

interface Runnable {
  fn?: (this: unknown, ...args: unknown[]) => unknown;
}

interface CircusTest extends Runnable {
  readonly concurrent: boolean;
  readonly failing: boolean;
  readonly asyncError: unknown;
  errors: unknown[];
}

interface CircusHook extends Runnable {
  readonly type: 'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll';
}

interface State {
  readonly currentDescribeBlock: {
    readonly tests: readonly CircusTest[];
    readonly hooks: readonly CircusHook[];
  };
  readonly currentlyRunningTest: CircusTest | null;
  readonly unhandledErrors: unknown[];
}

type Event =
  | { readonly name: 'add_test' | 'add_hook'; readonly fn?: unknown }
  | { readonly name: 'test_start' | 'test_done'; readonly test: CircusTest }
  | { readonly name: 'run_finish' };

type Handler = (event: Event, state: State) => void | Promise<void>;

const host = globalThis as Record<symbol, unknown>;
const KEY = Symbol.for('asyncgen-hooks/jest/1');

/** jest-circus has its handlers there, for each copy of it. */
const HANDLERS = Symbol.for('EVENT_HANDLERS');
/** `expect` knows the test's file. */
const MATCHERS = Symbol.for('$$jest-matchers-object');

if (host[KEY] === undefined) {
  host[KEY] = true;
  install();
}

function install(): void {
  const handlers = host[HANDLERS] as Handler[] | undefined;
  if (!Array.isArray(handlers))
    throw Object.assign(
      new Error(
        'asyncgen-hooks/jest: there is no jest-circus of Jest 30 or newer here. Update Jest, name ' +
          'asyncgen-hooks/jest in "setupFilesAfterEnv", and leave "testRunner" out.',
      ),
      { code: 'ERR_ASYNCGEN_RUNNER' },
    );
  const matchers = host[MATCHERS] as { state?: { testPath?: string } } | undefined;
  const file = matchers?.state?.testPath;
  const { tests } = loadOptions(file === undefined ? process.cwd() : dirname(file));
  const watch = new FileWatch(resolveTestOptions(tests), { root: process.cwd(), file });
  const { added, ended } = watchTests(watch);
  // Before whoever reports a test that is done; behind whoever makes one.
  handlers.unshift(ended);
  handlers.push(added);
}

function watchTests(watch: FileWatch): { added: Handler; ended: Handler } {
  const byTest = new WeakMap<CircusTest, TestWatch>();
  /** By what a test's hooks and function have as `this`: which of several at a time it is. */
  const byContext = new WeakMap<object, TestWatch>();

  const watchOf = (self: unknown, test: CircusTest | null): TestWatch => {
    const isContext = typeof self === 'object' && self !== null;
    const known = (isContext && byContext.get(self)) || (test && byTest.get(test));
    const found = known || watch.test();
    if (isContext) byContext.set(self, found);
    if (test) byTest.set(test, found);
    return found;
  };

  const added: Handler = ({ name }, state) => {
    const { tests, hooks } = state.currentDescribeBlock;
    if (name === 'add_test') {
      const test = tests.at(-1);
      if (test === undefined || seen.has(test)) return;
      seen.add(test);
      if (test.fn) test.fn = wrap(test.fn, (self) => watchOf(self, test));
    } else if (name === 'add_hook') {
      const hook = hooks.at(-1);
      if (hook?.fn === undefined || seen.has(hook)) return;
      seen.add(hook);
      hook.fn = wrap(hook.fn, (self) => {
        if (/All$/.test(hook.type)) return watch.file;
        const { currentlyRunningTest: test } = state;
        return watchOf(self, test?.concurrent ? null : test);
      });
    }
  };
  const seen = new WeakSet<Runnable>();

  const ended: Handler = async (event, state) => {
    switch (event.name) {
      case 'test_start':
        // Another try has a watch of its own.
        byTest.delete(event.test);
        break;
      case 'test_done': {
        const error = await byTest.get(event.test)?.end();
        if (error !== undefined) fail(event.test, error);
        break;
      }
      case 'run_finish': {
        tellRun();
        const error = await watch.end();
        if (error !== undefined) state.unhandledErrors.push(error);
        break;
      }
    }
  };
  return { added, ended };
}

function fail(test: CircusTest, error: Error): void {
  if (!test.failing) return void test.errors.push(error);
  // Of a test that is to fail it is the failure: then it has not passed, as Jest says with this error.
  test.errors = test.errors.filter((each) => ![each].flat().includes(test.asyncError));
}
