/** Starts the shared program in a worker and watches a generator of its own. */
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { describeAsyncGen, setAsyncGenHooks } from 'asyncgen-hooks';

async function* ofHost() {
  yield 1;
}

const seen = [];
setAsyncGenHooks({ firstiter: (gen) => void seen.push(describeAsyncGen(gen).name) });

const worker = new Worker(new URL('main.js', import.meta.url), { stdout: true });
const [printed] = await Promise.all([text(worker.stdout), once(worker, 'exit')]);
for await (const value of ofHost()) void value;
console.log(JSON.stringify({ seen, record: JSON.parse(printed) }));
