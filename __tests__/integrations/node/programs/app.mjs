/** One generator for each way to end, and what the arguments ask for. */
import { setTimeout as sleep } from 'node:timers/promises';

async function* fine(n) {
  for (let i = 0; i < n; i++) yield i;
}
async function* dropped() {
  try {
    yield 1;
    yield 2;
  } finally {
    console.log('dropped is closed');
  }
}
async function* held() {
  try {
    yield 1;
    yield 2;
  } finally {
    console.log('held is closed');
  }
}
async function* fails() {
  yield 1;
  throw new Error('on purpose');
}
async function* slow() {
  await sleep(50);
  yield 1;
}
async function* unused() {
  yield 1;
}

for await (const _ of fine(5));
for await (const _ of fine(5)) break;
// In a function of its own, so that nothing holds it.
await (async () => void (await dropped().next()))();
globalThis.held = held();
await globalThis.held.next();
try {
  for await (const _ of fails());
} catch {
  // Its end is what counts.
}
for await (const _ of slow());
unused();

const [how, ...rest] = process.argv.slice(2);
console.log('ready', JSON.stringify(rest));
if (how === 'exit') process.exit(5);
if (how === 'exitCode') process.exitCode = 6;
if (how === 'throw')
  setTimeout(() => {
    throw new Error('uncaught');
  });
if (how === 'reject') fails().throw(new Error('nobody minds'));
if (how === 'wait') setInterval(() => {}, 2 ** 30);
if (how === 'listen') {
  setInterval(() => {}, 2 ** 30);
  process.on('SIGINT', () => {
    console.log('own end');
    process.exit(7);
  });
}
