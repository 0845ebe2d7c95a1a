import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import { workerData } from 'node:worker_threads';
import { isSwc } from '../../scripts/compilers.mjs';
import { openCompiler } from './compile.mjs';
import { loadBy, ModuleLoader } from './modules.mjs';
import { openRealm } from './realm.mjs';
import { readTest, textOf } from './suite.mjs';

/** How long `$DONE` is waited for. The main thread ends a worker whose thread is stuck. */
const PATIENCE = 3000;

const { folder, lower, hooks, compiler } = workerData;
const compile = openCompiler(compiler);
let calls;

let onUncaught = () => {};
process.on('uncaughtException', (error) => onUncaught(error));
// Tests leave rejected promises behind; Test262 does not ask for more.
process.on('unhandledRejection', () => {});

/** SWC prints some things wrongly that it lowers nothing of. */
const isComparedWithNative = !lower && !isSwc(compiler);

/** The ways to run a test. */
const NATIVE = { compile: (text) => text, runtime: false };
const ALONE = { compile: compileBy({ hooked: false, lower }), runtime: false };
const HOOKED = { compile: (...args) => compileHooked(...args).code, runtime: true, hooks };

function compileBy(options) {
  return (text, name, isModule) => compile(text, { ...options, name, isModule }).code;
}

/** What HOOKED compiled last: a test is looked at first, and run then. */
let latest;

function compileHooked(text, name, isModule) {
  if (latest?.text === text && latest.name === name) return latest;
  const result = compile(text, { hooked: true, lower, name, isModule });
  return (latest = { text, name, ...result });
}

/**
 * Runs one test in all its modes.
 *
 * @returns `{ name, runs, calls }`, for each mode `{ variant, state, before, after, alone }`.
 *   `before`, `after` and, for what is lost, `alone` (the compiler without us) are `null` for a pass, else
 *   they say why it failed. There is no entry for a text without async generators. `state` is
 *
 *   | state             | the text                                              |
 *   |-------------------|-------------------------------------------------------|
 *   | `compiled`        | every generator in it is handed to the shim           |
 *   | `spared`          | has only generators that the plugin has to leave alone|
 *   | `missed` and where| has generators that should be hooked and are not      |
 *   | `refused`         | is no program, says the compiler's parser                    |
 *   | `crashed`         | made the compiler or the plugin throw                        |
 */
export default async function runTest(name) {
  const test = readTest(folder, name);
  calls = { init: 0, firstiter: 0, iter: 0, finalizer: 0, resume: 0 };
  const runs = [];
  for (const variant of test.variants) {
    const state = getState(test, variant);
    if (state === 'irrelevant') continue;
    const before = await run(test, variant, isComparedWithNative ? NATIVE : ALONE);
    const after = await run(test, variant, HOOKED);
    const isLost = before === null && after !== null;
    const alone = isLost && isComparedWithNative ? await run(test, variant, ALONE) : null;
    runs.push({ variant, state, before, after, alone });
  }
  return { name, runs, calls };
}

function getState(test, variant) {
  try {
    const result = compileHooked(textOf(test, variant), test.name, test.isModule);
    if (result.generators === 0) return 'irrelevant';
    if (result.missing.length > 0) return `missed ${result.missing.join(', ')}`;
    return result.isHooked ? 'compiled' : 'spared';
  } catch (error) {
    return error.isRefusal ? 'refused' : 'crashed';
  }
}

/** @returns `null` if the test passed, else why it did not. */
async function run(test, variant, way) {
  const at = { phase: 'harness' };
  let timer;
  const patience = new Promise((resolve) => {
    timer = setTimeout(resolve, PATIENCE, `not done after ${PATIENCE / 1000} s`);
  });
  const uncaught = new Promise((_, reject) => (onUncaught = reject));
  uncaught.catch(() => {});
  try {
    return await Promise.race([execute(test, variant, way, at), patience, uncaught]);
  } catch (error) {
    return judge(test, at.phase, error);
  } finally {
    clearTimeout(timer);
  }
}

async function execute(test, variant, way, at) {
  const realm = openRealm({
    runtime: way.runtime,
    compileScript: (text) => way.compile(text, 'evalScript.js', false),
  });
  for (const name of test.harness) readHarness(name).runInContext(realm.global);
  if (way.runtime) realm.require('asyncgen-hooks');
  if (way.hooks) realm.hook(calls);

  const load = loadBy(way.compile);
  const modules = new ModuleLoader(join(folder, 'test'), realm, load);
  const text = textOf(test, variant);
  at.phase = 'parse';
  if (test.isModule) {
    const module = modules.parse(text, test.name);
    at.phase = 'resolution';
    await modules.link(module);
    at.phase = 'runtime';
    await module.evaluate();
  } else {
    const options = {
      filename: test.name,
      importModuleDynamically: modules.importFrom(test.name),
    };
    const script = load(text, test.name, false, (code) => new vm.Script(code, options));
    at.phase = 'runtime';
    script.runInContext(realm.global);
  }
  if (test.negative) return `no error instead of ${test.negative.type}`;
  return test.isAsync ? realm.done : null;
}

function judge({ negative }, phase, error) {
  const name = error?.constructor?.name;
  const told = `${name ?? typeof error}: ${error?.message ?? String(error)}`.split('\n')[0];
  if (!negative) return phase === 'runtime' ? told : `${phase}, ${told}`;
  if (name === negative.type && phase === negative.phase) return null;
  return `${phase}, ${told} instead of ${negative.phase}, ${negative.type}`;
}

const harness = new Map();

function readHarness(name) {
  if (!harness.has(name)) {
    const text = readFileSync(join(folder, 'harness', name), 'utf8');
    harness.set(name, new vm.Script(text, { filename: name }));
  }
  return harness.get(name);
}
