/**
 * `node --expose-gc stuck.cjs`: drops a registry that has something to tell before it can, and prints whether
 * another one is ever told of what it has.
 */
const turn = () => new Promise(setImmediate);

async function main() {
  let dropped = new FinalizationRegistry(() => {});
  (() => dropped.register({}))();
  gc();
  dropped = null;
  gc();
  await turn();

  let isTold = false;
  const other = new FinalizationRegistry(() => (isTold = true));
  for (let i = 0; i < 50 && !isTold; i++) {
    (() => other.register({}))();
    await turn();
    gc();
    await turn();
  }
  console.log(isTold);
}
main();
