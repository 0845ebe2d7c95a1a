/** Getters that throw where the package looks; the program does not hear of them. */
import { setAsyncGenHooks } from 'asyncgen-hooks';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';

const record = [];
const log = console.log.bind(console);

async function* items() {
  yield 1;
}
/** Only run time knows the name of this one. */
const { [String('named')]: named } = {
  async *[String('named')]() {
    yield 1;
  },
};
for (const each of [items, named]) {
  Object.defineProperty(each, 'name', {
    get() {
      throw new Error('name');
    },
  });
}

async function main() {
  setAsyncGenHooks({
    finalizer() {
      throw new Error('hook');
    },
  });
  record.push(await named().return(2));
  setAsyncGenHooks({ finalizer: null });
  const tracker = trackAsyncGens();
  const open = [items(), named()];
  for (const gen of open) await gen.next();
  const names = tracker.live().map(({ site }) => site.name);
  record.push(names, (await tracker.shutdown()).closed.length);
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
