import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';
import { start } from './sdk.mjs';

const { span, mark, provider } = start();
async function* exhausted() {
  await null;
  mark('in exhausted');
  yield 1;
  mark('in exhausted');
  yield 2;
}
async function* closed() {
  try {
    yield 1;
  } finally {
    await null;
    mark('in finally');
  }
}
async function* failed() {
  yield 1;
  throw new TypeError('no such row');
}
async function* abandoned() {
  try {
    yield 1;
  } finally {
    mark('in abandoned');
    done();
  }
}
async function* open() {
  yield 1;
  await new Promise(() => {});
}
async function* outer() {
  yield* inner();
}
async function* inner() {
  mark('in inner');
  yield 1;
}
async function* never() {}

let done;
const isDropped = new Promise((resolve) => (done = resolve));
const tracker = trackAsyncGens({ onAbandoned: () => {} });

await span('root', async () => {
  never();
  for await (const _ of exhausted());
  for await (const _ of closed()) break;
  try {
    for await (const _ of failed());
  } catch {}
  for await (const _ of outer());
  await (() => abandoned().next())();
});
setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');
const collect = async () => {
  for (let i = 0; i < 20; i++) {
    gc();
    await new Promise(setImmediate);
  }
};
await Promise.race([isDropped, collect()]);
tracker[Symbol.dispose]();

const held = await span('root', () => open());
await held.next();
void held.next();
await provider.shutdown();
process.exit();
