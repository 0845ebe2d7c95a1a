/**
 * `node --expose-gc deaf.cjs`: has V8 tell no registry any more, where it can be brought to that, then leaves generators
 * open. Prints whether an own registry is told, whether generators are found abandoned, and how many of their `finally` blocks
 * read the store of another one.
 */
const { AsyncLocalStorage } = require('node:async_hooks');
const { trackAsyncGens } = require('asyncgen-hooks/lifecycle');

const turn = () => new Promise(setImmediate);
const request = new AsyncLocalStorage();
let closed = 0;
let foreign = 0;

async function* rows(number) {
  try {
    yield 1;
  } finally {
    closed++;
    if ((request.getStore() ?? number) !== number) foreign++;
  }
}

async function main() {
  trackAsyncGens();
  await rows(0).next();
  let dropped = new FinalizationRegistry(() => {});
  (() => dropped.register({}))();
  gc();
  dropped = null;
  gc();
  await turn();

  let isTold = false;
  const other = new FinalizationRegistry(() => (isTold = true));
  for (let i = 0; i < 50 && closed < 1024; i++) {
    (() => other.register({}))();
    for (let n = 1; n <= 1024; n++) await request.run(n, () => rows(n).next());
    // What was asked of a WeakRef is kept for its task.
    await turn();
    gc();
    await turn();
    // As long as it takes to notice it.
    if (!isTold) await new Promise((go) => setTimeout(go, 1100));
  }
  console.log(isTold, closed >= 1024, foreign);
}
main();
