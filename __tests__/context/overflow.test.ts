import { expect, test } from '@jest/globals';
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
  void main();
`;

test('a yield* that overflows the stack is an error to handle, and does not end the process', async () => {
  const code = compileHooked(PROGRAM, { sourceType: 'script' });
  using project = new Project({ 'nest.cjs': code });
  expect(await project.runForRecord('nest.cjs')).toEqual([
    'Maximum call stack size exceeded',
    null,
  ]);
});
