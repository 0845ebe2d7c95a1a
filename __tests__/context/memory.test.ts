import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keepAsyncContext } from 'asyncgen-hooks/context';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';
import { collectUntil } from '../helpers/gc.js';
import { load, type Gen } from '../helpers/generators.js';

const store = new AsyncLocalStorage<object>();
const rows = load(
  `module.exports = async function* rows() { try { yield 1; throw new Error('own'); } finally { await null; } }`,
) as () => Gen;

const added: { remove(): void }[] = [];
beforeEach(() => void added.push(keepAsyncContext()));
afterEach(() => {
  for (const each of added.splice(0)) each.remove();
});

/** Calls `rows()` with a value in the store that nobody else holds. */
function callInStore(): { made: Gen; value: WeakRef<object> } {
  const value = {};
  return { made: store.run(value, rows), value: new WeakRef(value) };
}

const ENDS: Record<string, (made: Gen) => Promise<unknown>> = {
  'was closed': async (made) => {
    await made.next();
    await made.return(1);
  },
  failed: async (made) => {
    await made.next();
    await expect(made.next()).rejects.toThrow('own');
  },
  'was closed before it began': (made) => made.return(1),
};

for (const [how, end] of Object.entries(ENDS))
  test(`a generator that ${how} keeps nothing of its context`, async () => {
    const { made, value } = callInStore();
    await end(made);
    await collectUntil(() => value.deref() === undefined);
    expect(await made.next()).toEqual({ done: true, value: undefined });
  });

test('a dropped generator goes with its context, where a tracker closes it, too', async () => {
  let abandoned = 0;
  const tracker = trackAsyncGens({ onAbandoned: () => void abandoned++ });
  added.push({ remove: () => tracker[Symbol.dispose]() });
  const value = await (async () => {
    const { made, value } = callInStore();
    await made.next();
    return value;
  })();
  await collectUntil(() => value.deref() === undefined);
  expect(abandoned).toBe(1);
});
