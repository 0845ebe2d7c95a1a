import { AsyncLocalStorage } from 'node:async_hooks';
import { keepAsyncContext } from 'asyncgen-hooks/context';
import { start } from './sdk.mjs';

const first = process.argv.includes('--keep-first') ? keepAsyncContext() : undefined;
const { instrumentation, span, mark, outside, provider } = start();
if (process.argv.includes('--native')) instrumentation.disable();
const second = process.argv.includes('--keep-second') ? keepAsyncContext() : undefined;
const store = new AsyncLocalStorage();

/** What a framework does: it is given a generator, and reads it where it likes. */
async function* answer() {
  mark('before');
  yield store.getStore();
  await null;
  mark('after');
  yield store.getStore();
}
const made = await span('handler', () => store.run('request', () => answer()));
const items = [];
await outside(async () => items.push((await made.next()).value));
await span('writer', async () => items.push((await made.next()).value));
await outside(() => made.next());

const linked = await span('handler', () => answer());
await span('reader', async () => {
  for await (const _ of linked);
});
await outside(async () => {
  for await (const _ of answer());
});
first?.remove();
second?.remove();
await provider.shutdown();
console.log(JSON.stringify(items));
