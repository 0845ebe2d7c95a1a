/** Rejected steps that nobody minds, behind resume hooks that only look at them. */
import { addAsyncGenHooks } from 'asyncgen-hooks';

const record = [];
process.on('unhandledRejection', (error) => void record.push(`unhandled ${error.message}`));

async function* fails(name) {
  throw new Error(name);
}

const watching = (gen, step) => {
  const result = step();
  result.then(
    () => {},
    () => {},
  );
  return result;
};

/** Answers the second step by itself. */
const answersSecond = () => {
  let steps = 0;
  return async (gen, step) => {
    const result = step();
    if (++steps === 1) return result;
    result.catch(() => {});
    return { value: undefined, done: true };
  };
};

async function main() {
  for (const others of [{}, { iter() {} }, { finalizer() {} }]) {
    const name = Object.keys(others).join() || 'alone';
    const hooks = addAsyncGenHooks({ ...others, resume: watching });
    fails(`watched ${name}`).next();
    await new Promise(setImmediate);
    hooks.remove();

    const answering = addAsyncGenHooks({ ...others, resume: answersSecond() });
    const gen = fails(`answered ${name}`);
    gen.next();
    gen.next();
    await new Promise(setImmediate);
    answering.remove();
  }
  console.log(JSON.stringify(record));
}

main();
