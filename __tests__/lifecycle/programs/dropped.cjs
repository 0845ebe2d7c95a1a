/**
 * `node dropped.cjs <hooks|tracker> <count>`: drops so many generators, one after the other, in a
 * loop of microtasks, and prints which warnings came.
 */
const [, , mode, count] = process.argv;
if (mode === 'tracker') require('asyncgen-hooks/lifecycle').trackAsyncGens({ onAbandoned() {} });
else
  require('asyncgen-hooks').setAsyncGenHooks({
    finalizer: (gen, { type }) => void (type === 'abandoned' && gen.return()),
  });

const warnings = [];
process.emitWarning = ({ code, message }) =>
  void warnings.push(`${code} of ${/^asyncgen-hooks\/(\w+):/.exec(message)[1]}`);

async function* numbers(first) {
  try {
    for (let i = first; ; i++) yield i;
  } finally {
    await null;
  }
}

async function main() {
  let sum = 0;
  for (let i = 0; i < Number(count); i++) sum += (await numbers(i % 2).next()).value;
  // Which comes first depends on the memory that there is.
  console.log(sum, warnings.sort().join());
}
main();
