/** Runs the shared program in a `vm` context and watches a generator of its own. */
import { join } from 'node:path';
import vm from 'node:vm';
import { describeAsyncGen, setAsyncGenHooks } from 'asyncgen-hooks';
import { loadIn } from './load-in.js';

async function* ofHost() {
  yield 1;
}

const KEY = Symbol.for('asyncgen-hooks/1');
const context = vm.createContext({ console });

async function host() {
  const seen = [];
  setAsyncGenHooks({ firstiter: (gen) => void seen.push(describeAsyncGen(gen).name) });
  const { program } = loadIn(context, join(__dirname, 'program.js'));
  // The hooks of the context are in force until its program ends.
  const running = program();
  for await (const value of ofHost()) void value;
  const record = await running;
  const sameRegistry = vm.runInContext('globalThis', context)[KEY] === globalThis[KEY];
  console.log(JSON.stringify({ seen, record, sameRegistry }));
}

host();
