import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import vm from 'node:vm';

const DIST = new URL('../../dist/', import.meta.url);
const ROOMS = { 'asyncgen-hooks': './index.cjs', 'asyncgen-hooks/shim': './shim.cjs' };

/** The runtime, read once: a build while the tests run must not give them two halves. */
const scripts = new Map();
const names = new Set(Object.values(ROOMS));
for (const name of names) {
  const text = readFileSync(new URL(name, DIST), 'utf8');
  const wrapped = `(require, module) => { (function (exports) {${text}\n})(module.exports); return module.exports; }`;
  scripts.set(name, new vm.Script(wrapped, { filename: name }));
  for (const [, part] of text.matchAll(/\brequire\("(\.\/[^"]+)"\)/g)) names.add(part);
}

setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc');

/**
 * Host-defined functions, as functions of the realm. Agents are not there: no test that uses async
 * generators starts one.
 *
 * Source: https://github.com/tc39/test262/blob/main/INTERPRETING.md#host-defined-functions
 */
const PRELUDE = new vm.Script(
  `(host) => {
    const define = (name, value) =>
      Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
    const $262 = {
      global: globalThis,
      createRealm: () => host.createRealm(),
      evalScript: (text) => host.evalScript(text),
      detachArrayBuffer: (buffer) => (host.detach(buffer), null),
      gc: () => host.collectGarbage(),
      agent: {
        start() { throw new Error('no agents here'); },
        sleep: (ms) => host.sleep(ms),
        monotonicNow: () => host.now(),
      },
    };
    define('print', (text) => host.print(String(text)));
    define('$262', $262);
    if (host.require) define('require', (id) => host.require(id));
    return $262;
  }`,
  { filename: 'prelude.js' },
);

/** Hooks of all five kinds that change nothing and count their calls. */
const PASS_THROUGH = new vm.Script(
  `({ setAsyncGenHooks }, calls) => setAsyncGenHooks({
    init() { calls.init++; },
    firstiter() { calls.firstiter++; },
    iter() { calls.iter++; },
    finalizer() { calls.finalizer++; },
    resume(gen, step) { calls.resume++; return step(); },
  })`,
  { filename: 'hooks.js' },
);

/**
 * Opens a realm of its own for one run.
 *
 * @param runtime whether compiled code is to find the shim.
 * @param compileScript what `$262.evalScript` does to its text before it runs.
 * @returns `{ global, require, hook, done }`: `done` resolves with the reason why the test failed
 *   by `$DONE`, or with `null`.
 */
export function openRealm({ runtime, compileScript }) {
  let settle;
  const done = new Promise((resolve) => (settle = resolve));
  const print = (text) => {
    if (text === 'Test262:AsyncTestComplete') settle(null);
    else if (text.startsWith('Test262:AsyncTestFailure:')) settle(text.slice(25));
  };
  const open = () => {
    const global = vm.createContext(vm.constants.DONT_CONTEXTIFY);
    const require = runtime ? requireIn(global) : undefined;
    const $262 = PRELUDE.runInContext(global)({
      print,
      require,
      collectGarbage,
      createRealm: () => open().$262,
      evalScript: (text) => vm.runInContext(compileScript(text), global),
      detach: (buffer) => structuredClone(buffer, { transfer: [buffer] }),
      sleep: (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
      now: () => performance.now(),
    });
    return { global, $262, require };
  };
  const { global, require } = open();
  const hook = (calls) => PASS_THROUGH.runInContext(global)(require('asyncgen-hooks'), calls);
  return { global, require, hook, done };
}

/** A `require` that evaluates the built runtime inside the realm. */
function requireIn(global) {
  const loaded = new Map();
  const require = (id) => {
    const file = ROOMS[id] ?? id;
    if (!scripts.has(file)) throw new Error(`no module "${id}" in the realm`);
    if (!loaded.has(file)) {
      const module = vm.runInContext('({ exports: {} })', global);
      loaded.set(file, scripts.get(file).runInContext(global)(require, module));
    }
    return loaded.get(file);
  };
  return require;
}
