import { describe, expect, test } from '@jest/globals';
import { Project } from '../environments/support/project.js';
import { compileHooked } from '../helpers/babel.js';

const PROGRAM = `
  const { AsyncLocalStorage } = require('node:async_hooks');
  const { keepAsyncContext } = require('asyncgen-hooks/context');
  const store = new AsyncLocalStorage();
  keepAsyncContext();
  async function* nest(depth) {
    if (depth > 0) yield* nest(depth - 1);
  }
  async function main() {
    const error = await store.run('call', () => nest(20_000)).next().catch((error) => error);
    console.log(JSON.stringify([error.message, store.getStore() ?? null]));
  }
  for (let i = 0; i < 20; i++) globalThis.gc?.();
  void main();
`;

describe('a yield* that overflows the stack is an error to handle, and does not end the process', () => {
  const code = compileHooked(PROGRAM, { sourceType: 'script' });
  for (const [title, flags] of [
    ['at once', []],
    [
      'when V8 has dropped the code of what was not run for long',
      ['--expose-gc', '--stress-flush-code'],
    ],
  ] as const)
    test(title, async () => {
      using project = new Project({ 'nest.cjs': code });
      expect(await project.runForRecord(...flags, 'nest.cjs')).toEqual([
        'Maximum call stack size exceeded',
        null,
      ]);
    });
});

/** Each time the stack ends somewhere else; to leave a context takes more of it than to enter one. */
const BALANCE = `
  const { addAsyncGenHooks } = require('asyncgen-hooks');
  let entered = 0;
  let left = 0;
  const zeros = Array.from({ length: 64 }, () => 0);
  const leave = (...taken) => void (left += taken.length / 64);
  addAsyncGenHooks({
    init(_gen, handle) {
      handle.context = {
        runInAsyncScope(fn, self, ...args) {
          entered++;
          try {
            return fn.apply(self, args);
          } finally {
            leave(...zeros);
          }
        },
      };
    },
  });
  async function* nest(depth) {
    if (depth > 0) yield* nest(depth - 1);
  }
  async function main() {
    // V8 compiles it here, and not where there is no stack for it.
    await nest(0).next();
    for (let i = 0; i < 32; i++) {
      const step = Reflect.apply(() => nest(20_000).next(), undefined, Array.from({ length: 6 * i }));
      await step.catch(() => {});
    }
    console.log(JSON.stringify({ isDeep: entered > 32 * 50, open: entered - left }));
  }
  void main();
`;

test('what has been entered before the stack overflows can be left', async () => {
  using project = new Project({ 'nest.cjs': compileHooked(BALANCE, { sourceType: 'script' }) });
  expect(await project.runForRecord('--stack-size=400', 'nest.cjs')).toEqual({
    isDeep: true,
    open: 0,
  });
});
