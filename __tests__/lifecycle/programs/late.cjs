/**
 * `node --expose-gc late.cjs`: a registry tells so late that the runtime looks by itself, and then tells all the same. Prints
 * whether what was open meanwhile, and is dropped then, is found by the registry.
 */
let isLate = true;
const told = [];
globalThis.FinalizationRegistry = class extends FinalizationRegistry {
  constructor(tell) {
    super((value) => (isLate ? told.push(() => tell(value)) : tell(value)));
  }
};
const { trackAsyncGens } = require('asyncgen-hooks/lifecycle');

const turn = () => new Promise(setImmediate);
let closed = 0;

async function* rows() {
  try {
    yield 1;
  } finally {
    closed++;
  }
}

async function collect() {
  // What was asked of a WeakRef is kept for its task.
  await turn();
  gc();
  await turn();
}

async function main() {
  trackAsyncGens();
  const kept = Array.from({ length: 10 }, rows);
  for (const gen of kept) await gen.next();
  for (let i = 0; i < 50 && closed === 0; i++) {
    for (let n = 0; n < 1024; n++) await rows().next();
    await collect();
    // As long as it takes to notice it.
    await new Promise((go) => setTimeout(go, 1100));
  }
  isLate = false;
  for (const tell of told) tell();
  await turn();
  const before = closed;
  kept.length = 0;
  for (let i = 0; i < 10; i++) await collect();
  console.log(before >= 1024, closed - before >= 10);
}
main();
