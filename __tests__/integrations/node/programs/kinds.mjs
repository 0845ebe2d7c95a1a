/** Generators that are left in each way in which one can be. */
async function* rows(n) {
  try {
    yield n;
    yield n;
  } finally {
    if (n === 3) await new Promise(() => {});
  }
}
async function* hangs() {
  yield 1;
  await new Promise(() => {});
}
async function* fine() {
  yield 1;
}

const held = (globalThis.held = []);
async function begin(gen) {
  await gen.next();
  held.push(gen);
}
for (const n of [1, 2, 3]) await begin(rows(n));
const late = rows(4);
await late.next();
await late.next();
held.push(late);
await begin(hangs());
held.at(-1).next();
for await (const _ of fine());
await (async () => void (await rows(5).next()))();
