/** Steps that are rejected and that nobody minds, and one that is minded late. */
import { addAsyncGenHooks } from 'asyncgen-hooks';

const record = [];
process.on('unhandledRejection', (error) => void record.push(`unhandled ${error.message}`));
process.on('rejectionHandled', () => void record.push('handled'));

async function* fails(name) {
  yield 1;
  throw new Error(name);
}
async function* passesOn(name) {
  yield* fails(`${name}, yield*`);
}
async function* catches(name) {
  try {
    yield Promise.reject(new Error(name));
  } catch {
    yield 2;
  }
}

const quiet = { init() {}, firstiter() {}, iter() {}, finalizer() {} };

async function main() {
  for (const names of [[], ...Object.keys(quiet).map((name) => [name]), Object.keys(quiet)]) {
    const hooks = addAsyncGenHooks(Object.fromEntries(names.map((name) => [name, quiet[name]])));
    record.push(`with ${names}`);
    for (const make of [fails, passesOn, catches]) {
      const gen = make(make.name);
      await gen.next();
      gen.next();
      await new Promise(setImmediate);
      const thrown = make('not iterated').throw(new Error('thrown in'));
      await new Promise(setImmediate);
      thrown.catch(() => {});
      await new Promise(setImmediate);
    }
    hooks.remove();
  }
  console.log(JSON.stringify(record));
}

main();
