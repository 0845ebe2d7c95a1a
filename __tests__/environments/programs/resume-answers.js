/** Resume hooks that answer for a step that fails, around one that only waits for it. */
import { addAsyncGenHooks } from 'asyncgen-hooks';

const record = [];
process.on('unhandledRejection', (error) => void record.push(`unhandled ${error.message}`));

async function* fails() {
  throw new Error('of the body');
}

const outers = [
  (gen, step) => {
    step();
    return Promise.resolve({ value: 7, done: true });
  },
  (gen, step) => {
    step();
    throw new Error('of the hook');
  },
];

async function main() {
  for (const resume of outers) {
    const outer = addAsyncGenHooks({ resume });
    const inner = addAsyncGenHooks({ resume: async (gen, step) => await step() });
    await fails()
      .next()
      .then(
        ({ value }) => record.push(value),
        ({ message }) => record.push(message),
      );
    inner.remove();
    outer.remove();
  }
  await new Promise(setImmediate);
  console.log(JSON.stringify(record));
}

main();
