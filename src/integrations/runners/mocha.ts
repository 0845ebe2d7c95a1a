/**
 * `mocha --require asyncgen-hooks/mocha`: root hooks, which find the classes of the Mocha that runs them.
 *
 * | method         | what is done there                                                      |
 * |----------------|-------------------------------------------------------------------------|
 * | `Runnable.run` | calls tests and hooks in the context of their test                      |
 * | `Runner.runTest` | ends the watch of a test, before Mocha says whether it passed          |
 * | `Runner.hookUp`  | `afterEach` hooks that were run for that are not run again; behind the others, what they began |
 */
import { AsyncResource } from 'node:async_hooks';
import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { inTurn } from '../../time.js';
import { watchAsConfigured } from './configured.js';
import { runInTest, setOnlyTest } from './current.js';
import { startRun, tellRun } from './run.js';
import type { FileWatch, TestWatch } from './watch.js';

type Done = (error?: unknown, suite?: unknown) => void;

interface Suite {
  readonly parent?: Suite;
  getHooks(name: string): Runnable[];
}

export interface Runnable {
  readonly type: 'test' | 'hook';
  readonly title: string;
  readonly fn?: Function;
  readonly parent: Suite;
  readonly ctx: { readonly currentTest?: Runnable };
  readonly pending?: boolean;
  state?: string | undefined;
  run(done: Done): void;
  currentRetry(): number;
  retries(): number;
}

interface Runner {
  readonly test: Runnable;
  runTest(done: Done): void;
  hookUp(name: string, done: Done): void;
  fail(test: Runnable, error: Error): void;
}

interface Mocha {
  readonly Runner: { readonly prototype: Runner };
  readonly Runnable: { readonly prototype: Runnable };
}

/** From here on, since the top of a file may begin some; in watch mode, from the end of the run before. */
let watch = watchAsConfigured('the run');
const watches = new WeakMap<Runnable, TestWatch>();

startRun();

/** What the global fixtures of others begin, from here to the first hook, is open until their teardown, behind all hooks of ours. */
export function mochaGlobalSetup(): void {
  setOnlyTest(watch.test());
}

export const mochaHooks = {
  async beforeAll(this: { readonly test: Runnable }): Promise<void> {
    setOnlyTest(undefined);
    await surround();
    // All files are loaded now, and may have put hooks there: ours is the last.
    const hooks = this.test.parent.getHooks('afterAll');
    const ours = hooks.findIndex(({ fn }) => fn === mochaHooks.afterAll);
    hooks.push(...hooks.splice(ours, 1));
  },
  async afterAll(): Promise<void> {
    tellRun();
    const error = await watch.end();
    watch = watchAsConfigured('the run');
    if (error !== undefined) throw error;
  },
};

let isSurrounded = false;

/** The Mocha that runs us, which may stand elsewhere than the project. */
async function surround(): Promise<void> {
  if (isSurrounded) return;
  isSurrounded = true;
  const file = createRequire(realpathSync(process.argv[1]!)).resolve('mocha');
  const loaded = (await import(pathToFileURL(file).href)) as { default: Mocha };
  const { Runner, Runnable } = loaded.default;
  surroundRunnable(Runnable.prototype);
  surroundRunner(Runner.prototype);
}

function surroundRunnable(prototype: Runnable): void {
  const { run } = prototype;
  prototype.run = function (done) {
    // What Mocha does next is no part of the test.
    const next = AsyncResource.bind(done);
    return runInTest(watchOf(this, watch), () => run.call(this, next));
  };
}

function watchOf(runnable: Runnable, file: FileWatch): TestWatch {
  const isEach = /^"(?:before|after) each"/.test(runnable.title);
  const test = runnable.type === 'test' ? runnable : isEach ? runnable.ctx.currentTest : undefined;
  if (test === undefined) return file.file;
  let found = watches.get(test);
  if (found === undefined) watches.set(test, (found = file.test()));
  return found;
}

function surroundRunner(prototype: Runner): void {
  const { runTest, hookUp } = prototype;
  /** What the hooks said that were run before their time. */
  const early = new WeakMap<Runner, Parameters<Done>>();
  /** Tests that are tried again: none of them has failed. */
  const again = new WeakSet<Runnable>();

  prototype.runTest = function (done) {
    const { test } = this;
    const ended: Done = (error) => {
      if (error !== undefined && test.currentRetry() < test.retries()) again.add(test);
      done(error);
    };
    runTest.call(this, (error) => {
      const watch = watches.get(test);
      if (watch === undefined || test.pending || watch.isClosed) return ended(error);
      // Such a hook may close what is open. A test that failed is not to wait for them.
      if (error !== undefined || !hasAfterEach(test.parent))
        return void end(this, test, error, ended);
      test.state = 'passed';
      hookUp.call(this, 'afterEach', (...said) => {
        early.set(this, said);
        test.state = undefined;
        void end(this, test, error, ended);
      });
    });
  };

  prototype.hookUp = function (name, done) {
    if (name !== 'afterEach') return hookUp.call(this, name, done);
    const said = early.get(this);
    early.delete(this);
    if (said !== undefined) return done(...said);
    const { test } = this;
    hookUp.call(this, name, (...said) => {
      const watch = watches.get(test);
      if (watch === undefined || watch.endIfClosed()) return done(...said);
      // A hook has begun it, or failed in front of the test. Mocha has said by now that the test passed, if it did.
      void watch.end().then((leak) =>
        inTurn(() => {
          if (leak !== undefined && !again.has(test)) this.fail(test, leak);
          done(...said);
        }),
      );
    });
  };
}

async function end(runner: Runner, test: Runnable, error: unknown, done: Done): Promise<void> {
  const leak = await watches.get(test)!.end();
  // Nothing that Mocha throws from here on is ours to swallow.
  inTurn(() => {
    done(error ?? leak);
    // As Mocha tells of several errors of one test. One that is tried again has not failed.
    if (error !== undefined && leak !== undefined && test.state === 'failed')
      runner.fail(test, leak);
  });
}

function hasAfterEach(suite: Suite | undefined): boolean {
  for (let at = suite; at !== undefined; at = at.parent)
    if (at.getHooks('afterEach').length > 0) return true;
  return false;
}
