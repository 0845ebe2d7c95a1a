/**
 * `node --import asyncgen-hooks/node-test --test`
 *
 * The functions of `node:test` are not replaced: a test says where it was called, by the frame above. Its class is an
 * `AsyncResource`, whose methods can be surrounded:
 *
 * | method            | what is done there                                                     |
 * |-------------------|------------------------------------------------------------------------|
 * | `run`             | a watch for each test and subtest, ended behind its hooks              |
 * | `getRunArgs`      | which test a context belongs to: hooks are called with it              |
 * | `runInAsyncScope` | calls the functions of tests and hooks: in the context of their test   |
 */
import { AsyncResource, createHook } from 'node:async_hooks';
import process from 'node:process';
import { watchAsConfigured } from './configured.js';
import { runInTest } from './current.js';
import { startRun, tellRun, watchFiles } from './run.js';
import type { FileWatch, TestWatch } from './watch.js';

type Fn = (...args: unknown[]) => unknown;

interface NodeTest {
  readonly constructor: { readonly name: string };
  readonly parent: NodeTest | null;
  readonly root: NodeTest;
  /** Of a hook alone. */
  readonly hookType?: string;
  readonly hooks: { readonly after: unknown[] };
  readonly timeout: number | null;
  readonly expectFailure?: unknown;
  error: (Error & { failureType?: string; cause?: unknown }) | null;
  getRunArgs(): { readonly ctx: object };
  run(...args: unknown[]): Promise<void>;
  runHook(this: object, hook: string, args?: unknown): Promise<void>;
  runInAsyncScope(fn: Fn, self: unknown, ...args: unknown[]): unknown;
  createHook(name: string, fn: Fn, options: object): void;
  postRun(...args: unknown[]): void;
  fail(error: unknown): void;
  diagnostic(message: string): void;
}

/**
 * `node --test` starts a process for each file, and runs no `--import` in its own: there each file is a run.
 */
const isChild = process.env['NODE_TEST_CONTEXT'] !== undefined;

export const watcher = isChild ? watchFiles() : undefined;

export function watchNodeTests(): void {
  if (!isChild) startRun();
  // From here on, since the top of a file may begin some.
  const file = watchAsConfigured();
  // The class is internal; the first of its objects leads to it.
  const hook = createHook({
    init(_id, type, _trigger, resource) {
      if (type !== 'Test') return;
      hook.disable();
      surround(prototypeOf(resource as NodeTest), file);
    },
  }).enable();
}

/** That of all tests, suites and hooks. */
function prototypeOf(test: NodeTest): NodeTest {
  let at: object = test;
  while (Object.getPrototypeOf(at) !== AsyncResource.prototype)
    at = Object.getPrototypeOf(at) as object;
  return at as NodeTest;
}

function surround(prototype: NodeTest, file: FileWatch): void {
  const { run, getRunArgs } = prototype;
  const watches = new WeakMap<NodeTest, TestWatch>();
  const tests = new WeakMap<object, NodeTest>();
  const roots = new WeakSet<NodeTest>();

  const replace = <Name extends 'run' | 'getRunArgs' | 'runInAsyncScope'>(
    name: Name,
    value: NodeTest[Name],
  ): void => {
    Object.defineProperty(prototype, name, {
      __proto__: null,
      value,
      writable: true,
      configurable: true,
    } as PropertyDescriptor);
  };

  replace('getRunArgs', function (this: NodeTest) {
    const args = getRunArgs.call(this);
    tests.set(args.ctx, this);
    return args;
  });

  replace('runInAsyncScope', function (this: NodeTest, fn, self, ...args) {
    const call = AsyncResource.prototype.runInAsyncScope as NodeTest['runInAsyncScope'];
    const isHook = this.hookType !== undefined;
    if (!isHook && !isTest(this)) return call.call(this, fn, self, ...args);
    const test = isHook ? tests.get(this.getRunArgs().ctx) : this;
    const watch = (test && watches.get(test)) ?? file.file;
    return call.call(this, () => runInTest(watch, Reflect.apply, fn, self, args), undefined);
  });

  replace('run', function (this: NodeTest, ...args) {
    // A hook is its own root.
    if (this.hookType !== undefined) return run.apply(this, args);
    if (!roots.has(this.root)) {
      roots.add(this.root);
      endWithRoot(this.root, file);
    }
    if (this.parent === null || !isTest(this)) return run.apply(this, args);
    const watch = file.test(watches.get(this.parent));
    watches.set(this, watch);
    return runWatched(this, () => run.apply(this, args), watch, prototype);
  });
}

const isTest = ({ constructor }: NodeTest): boolean => constructor.name === 'Test';

/**
 * What a test does last in its `run` is to report itself, by `postRun`. That waits until it is known
 * what the test has left open; where nothing is, it does not wait.
 */
async function runWatched(
  test: NodeTest,
  run: () => Promise<void>,
  watch: TestWatch,
  prototype: NodeTest,
): Promise<void> {
  const { postRun } = test;
  let ending: Promise<void> | undefined;
  let isReported = false;
  const report = (args: unknown[]): void => {
    isReported = true;
    test.postRun = postRun;
    postRun.apply(test, args);
  };
  test.postRun = (...args) => {
    if (watch.endIfClosed()) return report(args);
    // A parent that has ended calls it, with an argument, and does not wait.
    if (args.length > 0) {
      const error = watch.endAtOnce();
      if (error !== undefined) tellBeside(test, error);
      return report(args);
    }
    ending = watch.end().then(async (error) => {
      if (error !== undefined && !isReported) await failTest(test, error, prototype);
      if (!isReported) report(args);
    });
  };
  await run();
  await ending;
}

async function failTest(test: NodeTest, error: Error, prototype: NodeTest): Promise<void> {
  const isExpected = test.expectFailure && test.error?.failureType === 'expectedFailure';
  if (isExpected) test.error = null;
  // There is room for one error. The test's own is the one that people look for.
  if (test.error !== null) tellBeside(test, error);
  else test.fail(await failureOf(error, prototype));
}

/** Line by line: TAP has no others. */
function tellBeside(test: NodeTest, { message }: Error): void {
  for (const line of message.split('\n')) if (line !== '') test.diagnostic(line);
}

/** An error as `node:test` makes it of what a test throws; the class is internal. */
async function failureOf(error: Error, { runHook }: NodeTest): Promise<unknown> {
  const hooks = { afterEach: [{ run: () => {}, error }] };
  try {
    await runHook.call({ hooks }, 'afterEach');
  } catch (failure) {
    const { message, stack } = error;
    return Object.assign(failure as Error, { message, stack, failureType: 'testCodeFailure' });
  }
  return error;
}

/** The last of the hooks that run when all tests have: it fails for what belongs to none of them. */
function endWithRoot(root: NodeTest, file: FileWatch): void {
  const options = { hookType: 'after', parent: root, loc: [1, 1, process.argv[1] ?? ''] };
  root.createHook(
    'after',
    async () => {
      tellRun();
      const error = await file.end();
      if (error !== undefined) throw error;
    },
    options,
  );
  const ours = root.hooks.after.at(-1);
  const { runHook } = root;
  root.runHook = function (hook, args) {
    const { after } = root.hooks;
    if (hook === 'after') after.push(...after.splice(after.indexOf(ours), 1));
    return runHook.call(this, hook, args);
  };
}
