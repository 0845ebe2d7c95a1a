/** Getters that throw where the package looks; the program does not hear of them. */
import { setAsyncGenHooks } from 'asyncgen-hooks';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';

const record = [];
const log = console.log.bind(console);

async function* items() {
  yield 1;
}
Object.defineProperty(items, 'name', {
  get() {
    throw new Error('name');
  },
});

async function main() {
  setAsyncGenHooks({
    finalizer() {
      throw new Error('hook');
    },
  });
  record.push(await items().return(2));
  setAsyncGenHooks({ finalizer: null });
  const tracker = trackAsyncGens();
  const gen = items();
  await gen.next();
  record.push(tracker.live()[0].site.name, (await tracker.shutdown()).closed.length);
  setAsyncGenHooks({
    finalizer() {
      throw new Error('hook');
    },
  });
  Object.defineProperty(globalThis, 'process', {
    get() {
      throw new Error('process');
    },
  });
  record.push(await items().return(3));
  log(JSON.stringify(record));
}

main();
