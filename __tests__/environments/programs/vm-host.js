/** Runs the shared program in a `vm` context and watches a generator of its own. */
import { join } from 'node:path';
import vm from 'node:vm';
import { describeAsyncGen, setAsyncGenHooks } from 'asyncgen-hooks';
import { loadIn } from './load-in.cjs';

async function* ofHost() {
  yield 1;
}

const KEY = Symbol.for('asyncgen-hooks/1');
const context = vm.createContext({ console });

async function host() {
  const seen = [];
  setAsyncGenHooks({ firstiter: (gen) => void seen.push(describeAsyncGen(gen).name) });
  const { program } = loadIn(context, join(__dirname, 'program.js'));
  const record = await program();
  for await (const _ of ofHost());
  const sameRegistry = vm.runInContext('globalThis', context)[KEY] === globalThis[KEY];
  console.log(JSON.stringify({ seen, record, sameRegistry }));
}

host();
