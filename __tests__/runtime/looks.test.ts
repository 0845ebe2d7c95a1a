import { afterEach, expect, test } from '@jest/globals';
import { setAsyncGenHooks, type AsyncGenHooks } from 'asyncgen-hooks';
import { load } from '../helpers/generators.js';
import { clearHooks } from '../helpers/hooks.js';

/** What a program could see of the hooks by the prototypes. */

afterEach(clearHooks);

const hooksOf: [string, Partial<AsyncGenHooks>][] = [
  ['no hook', {}],
  ['a finalizer', { finalizer: () => {} }],
  ['iter', { iter: (_, value) => value }],
  ['resume', { resume: (_, step) => step() }],
];
const up = Object.getPrototypeOf;

test.each(hooksOf)('with %s in force there are as many prototypes as natively', (_, hooks) => {
  setAsyncGenHooks(hooks);
  const { declared, expressed, method } = load(`
    async function* declared() {}
    module.exports = { declared, expressed: async function* () {}, async *method() {} };`);
  const intrinsic = up(up(async function* () {}.prototype));
  for (const fn of [declared, expressed, method]) {
    const gen = fn();
    expect(up(gen)).toBe(fn.prototype);
    expect(up(up(up(gen)))).toBe(intrinsic);
    expect(Object.keys(fn.prototype)).toEqual([]);
    expect([up(fn), up(up(fn))]).toEqual([up(async function* () {}), Function.prototype]);
  }
});
