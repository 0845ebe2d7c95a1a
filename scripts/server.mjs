import { readdirSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { createRequire } from 'node:module';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readArguments, readCount, runCommand } from './usage.mjs';

const HELP = `Usage: npm run server -- [--seconds <n>] [--requests <n>] [--wrong]

A server under load, for 60 s if nothing else is said: 200 streaming requests at the same time, over
real HTTP, whose clients leave at random. Each request runs in a scope of its own. Prints figures.

Exits with 1 if a scope closed what is not its own or left something open, or if heap, descriptors or
entries have grown. A foreign closing is a finally block that runs before its own request has ended or
its client has left.

  --wrong  each scope takes and closes a generator of the request before: that has to be found`;

const require = createRequire(import.meta.url);
const dist = (name) => fileURLToPath(new URL(`../dist/${name}.cjs`, import.meta.url));

const CHUNKS = 30;
const SOURCE = `
  const { asyncGenSignal } = require('asyncgen-hooks');
  module.exports = {
    /** Read to its end, unless the client leaves. */
    async *rows(request, chunks, wait) {
      request.open++;
      let isComplete = false;
      try {
        for (let i = 0; i < chunks; i++) {
          await wait(1 + 4 * Math.random());
          yield 'row ' + i + '\\n';
        }
        isComplete = true;
      } finally {
        if (!isComplete) request.isClosed();
        await wait(0);
        request.open--;
      }
    },
    /** Left open by the program. */
    async *lookups(request) {
      request.open++;
      try {
        for (;;) yield request;
      } finally {
        request.isClosed();
        request.open--;
      }
    },
    /** Waits for an event that never comes. */
    async *events(request) {
      request.open++;
      const signal = asyncGenSignal();
      try {
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        yield;
      } finally {
        request.isClosed();
        request.open--;
      }
    },
  };
`;

function load() {
  const { code } = require('@babel/core').transformSync(SOURCE, {
    configFile: false,
    babelrc: false,
    sourceType: 'script',
    plugins: [[dist('babel'), { importSource: dist('shim') }]],
  });
  const module = {};
  const own = (name) => require(name === 'asyncgen-hooks' ? dist('index') : name);
  new Function('module', 'require', code)(module, own);
  return module.exports;
}

const { rows, lookups, events } = load();
const { trackAsyncGens } = require(dist('lifecycle'));
const tracker = trackAsyncGens();
const figures = { requests: 0, complete: 0, left: 0, foreign: 0, unclosed: 0, lost: 0 };
let warnings = 0;
process.on('warning', () => warnings++);

const atWork = new Set();
let isWrong = false;
/** What the request before has left open. */
let foreign;
const server = createServer((_request, response) => {
  let isOver = false;
  const request = {
    open: 0,
    isClosed() {
      if (!isOver) figures.foreign++;
    },
  };
  response.on('close', () => (isOver ||= !response.writableFinished));
  const done = tracker
    .run(async (scope) => {
      // Held: what is dropped the tracker closes before its request has ended.
      const lookup = lookups(request);
      await lookup.next();
      const event = events(request).next();
      if (isWrong && foreign !== undefined) scope.own(foreign);
      foreign = lookup;
      await pipeline(rows(request, CHUNKS, wait), response).catch(() => {});
      isOver = true;
      return { event, lookup };
    })
    .then(async ({ event }) => {
      if (!(await event).done) figures.lost++;
      if (request.open > 0) figures.unclosed++;
    });
  atWork.add(done);
  void done.finally(() => atWork.delete(done));
});

/** Reads a response to its end, or leaves at a random moment. */
function visit(port) {
  figures.requests++;
  const leavesAfter = Math.random() < 0.5 ? Math.floor(CHUNKS * Math.random()) : Infinity;
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
        if (text.split('\n').length > leavesAfter) response.destroy();
      });
      response.on('error', () => {});
      response.on('close', () => {
        const count = text.split('\n').length - 1;
        if (count === CHUNKS) figures.complete++;
        else if (leavesAfter < Infinity) figures.left++;
        else figures.lost++;
        resolve();
      });
    });
    request.on('error', () => {
      figures.left++;
      resolve();
    });
  });
}

async function loadFor(port, concurrency, until) {
  const client = async () => {
    do await visit(port);
    while (performance.now() < until);
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  while (atWork.size > 0) await Promise.all(atWork);
}

async function measure() {
  for (let i = 0; i < 6; i++) {
    globalThis.gc();
    await turn();
  }
  const descriptors = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0;
  const entries = tracker.live({ scopes: true }).length;
  return { heap: process.memoryUsage().heapUsed / 2 ** 20, descriptors, entries };
}

async function main() {
  const { values } = readArguments({
    seconds: { type: 'string', default: '60' },
    requests: { type: 'string', default: '200' },
    wrong: { type: 'boolean', default: false },
  });
  if (values.help) return console.log(HELP);
  const seconds = readCount('--seconds', values.seconds, 1);
  const concurrency = readCount('--requests', values.requests, 1);
  isWrong = values.wrong;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  // What is made once is made.
  await loadFor(port, concurrency, 0);
  await loadFor(port, concurrency, 0);
  const before = await measure();
  for (const name of Object.keys(figures)) figures[name] = 0;
  await loadFor(port, concurrency, performance.now() + 1000 * seconds);
  await wait(50);
  const after = await measure();
  server.close();

  console.table({ before, after });
  console.log(
    `${figures.requests} requests, ${concurrency} at the same time, for ${seconds} s: ${figures.complete} read to the end, ` +
      `${figures.left} left by the client; ${3 * figures.requests} generators, ${figures.foreign} closed by a foreign scope, ` +
      `${figures.unclosed} requests with something open after their scope, ${figures.lost} with something lost, ${warnings} warnings.`,
  );
  const faults = [
    figures.foreign > 0 && 'a scope closed what is not its own',
    figures.unclosed > 0 && 'a scope left something open',
    figures.lost > 0 && 'a client or a subscription lost something',
    after.entries > before.entries && 'entries have grown',
    after.descriptors > before.descriptors && 'descriptors have grown',
    after.heap > 1.1 * before.heap + 1 && 'the heap has grown',
  ].filter(Boolean);
  if (faults.length > 0) {
    console.error(`server: ${faults.join('; ')}.`);
    process.exitCode = 1;
  }
}

runCommand('server', main);
