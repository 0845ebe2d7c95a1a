import { createRequire } from 'node:module';
import { get } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import {
  AlwaysOnSampler,
  NodeTracerProvider,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import fastify from 'fastify';
import { median } from 'simple-statistics';
import { heapInUse } from './garbage.mjs';
import { readArguments, readCount, runCommand } from './usage.mjs';

const HELP = `Usage: npm run traces -- [--requests <n>] [--rounds <n>]

A Fastify server streams answers, word by word, that it reads from a database page by page; clients leave at
random. Each request has to be one trace, with every span ended and each at its parent. It tells what memory is in
use after a tenth of the requests and after all. Then it measures what the spans cost, at 0 %, 1 % and 100 %
sampling, over the same server with native generators.

  --requests <n>  how many (default 10000)
  --rounds <n>    of 100 requests each, for the costs (default 20; 0 measures nothing)
  --help          prints this

Exits with 1 if a span was lost, left open or has another parent.`;

const require = createRequire(import.meta.url);
const dist = (name) => fileURLToPath(new URL(`../dist/${name}.cjs`, import.meta.url));

const WORDS = 24;
const PAGE = 8;
const SOURCE = `
  module.exports = (db, tracer, wait) => {
    async function* cursor(answer, page) {
      for (let last = -1; ; ) {
        const { rows } = await tracer.startActiveSpan('query', async (span) => {
          try {
            return await db.query('SELECT id, word FROM words WHERE id > $1 ORDER BY id LIMIT $2', [last, page]);
          } finally {
            span.end();
          }
        });
        if (rows.length === 0) return;
        last = rows.at(-1).id;
        for (const row of rows) yield row;
      }
    }
    async function* answer(number, page) {
      yield 'data: ' + number + '\\n\\n';
      for await (const { word } of cursor(number, page)) {
        await wait(1);
        yield 'data: ' + word + '\\n\\n';
      }
      yield 'data: [DONE]\\n\\n';
    }
    return answer;
  };
`;

function load(isCompiled, ...args) {
  const compile = () =>
    require('@babel/core').transformSync(SOURCE, {
      configFile: false,
      babelrc: false,
      sourceType: 'script',
      filename: 'answer.cjs',
      plugins: [[dist('babel'), { importSource: dist('shim') }]],
    }).code;
  const module = {};
  new Function('module', 'require', isCompiled ? compile() : SOURCE)(module, require);
  return module.exports(...args, wait);
}

/** Judges each trace when all that it has begun has ended, and keeps no more of it. */
class Collector {
  started = 0;
  ended = 0;
  /** How many traces are over. */
  over = 0;
  faults = [];
  #atWork = new Map();

  onStart(span) {
    this.started++;
    const trace = this.#traceOf(span);
    trace.open++;
  }

  onEnd(span) {
    this.ended++;
    const trace = this.#traceOf(span);
    trace.spans.push(span);
    if (--trace.open > 0) return;
    this.#atWork.delete(span.spanContext().traceId);
    this.over++;
    const fault = faultOf(trace.spans);
    if (fault !== undefined) this.faults.push(fault);
  }

  async forceFlush() {}
  async shutdown() {}

  #traceOf(span) {
    const { traceId } = span.spanContext();
    if (!this.#atWork.has(traceId)) this.#atWork.set(traceId, { open: 0, spans: [] });
    return this.#atWork.get(traceId);
  }
}

/** @returns what is wrong with the spans of one request. */
function faultOf(spans) {
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
  const parentOf = (span) => byId.get(span.parentSpanContext?.spanId)?.name ?? 'none';
  const wanted = { request: 'none', answer: 'request', cursor: 'answer', query: 'cursor' };
  const wrong = spans.find((span) => parentOf(span) !== wanted[span.name]);
  if (wrong !== undefined) return `${wrong.name} is a child of ${parentOf(wrong)}`;
  for (const name of ['request', 'answer']) {
    const count = spans.filter((span) => span.name === name).length;
    if (count !== 1) return `${count} spans ${name}`;
  }
  return undefined;
}

async function serve(answer, tracer) {
  const app = fastify();
  const atWork = new Set();
  app.get('/:number', (request, reply) => {
    const span = tracer.startSpan('request', {}, ROOT_CONTEXT);
    const over = new Promise((resolve) => reply.raw.once('close', resolve));
    const made = context.with(trace.setSpan(ROOT_CONTEXT, span), () =>
      answer(request.params.number, PAGE),
    );
    // Fastify reads it when and where it likes: outside of the span.
    const body = Readable.from(made, { objectMode: false });
    const closed = new Promise((resolve) => body.once('close', resolve));
    const done = Promise.all([over, closed]).then(() => span.end());
    atWork.add(done);
    void done.finally(() => atWork.delete(done));
    return reply.type('text/event-stream').send(body);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, atWork, port: app.server.address().port };
}

/** Reads an answer to its end, or leaves after so many words. */
function visit(port, number, leavesAfter) {
  return new Promise((resolve) => {
    const request = get(
      { host: '127.0.0.1', port, path: `/${number}`, agent: false },
      (response) => {
        let words = 0;
        response.setEncoding('utf8').on('data', (chunk) => {
          words += chunk.split('data: ').length - 1;
          if (words > leavesAfter) response.destroy();
        });
        response.on('error', () => {});
        response.on('close', () => resolve(words === WORDS + 2));
      },
    );
    request.on('error', () => resolve(false));
  });
}

async function ask({ port, atWork }, requests, concurrency = 50) {
  let next = 0;
  let complete = 0;
  const client = async () => {
    while (next < requests) {
      const number = next++;
      const leavesAfter = number % 2 === 0 ? Infinity : number % WORDS;
      if (await visit(port, number, leavesAfter)) complete++;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  while (atWork.size > 0) await Promise.all(atWork);
  return complete;
}

async function checkTraces(db, instrumentation, requests) {
  const collector = new Collector();
  const provider = new NodeTracerProvider({
    sampler: new AlwaysOnSampler(),
    spanProcessors: [collector],
  });
  instrumentation.setTracerProvider(provider);
  const tracer = provider.getTracer('server');
  const server = await serve(load(true, db, tracer), tracer);
  const first = Math.ceil(requests / 10);
  let complete = await ask(server, first);
  const before = await megabytes();
  complete += await ask(server, requests - first);
  const after = await megabytes();
  await server.app.close();
  const { faults, over, started, ended } = collector;
  const lost = requests - over;
  const open = started - ended;
  console.log(
    `${requests} requests, ${complete} read to the end: ${over} traces, ` +
      `${ended} spans, ${open} not ended, ${lost} traces lost, ${faults.length} with a wrong parent or number`,
  );
  console.log(`heap in use: ${before} MB after ${first} requests, ${after} MB after ${requests}`);
  if (faults.length > 0) console.error(`traces: ${faults[0]}.`);
  if (faults.length > 0 || lost !== 0 || open !== 0) process.exitCode = 1;
}

/** Megabytes, once garbage is collected. */
const megabytes = async () => ((await heapInUse()) / 2 ** 20).toFixed(1);

/** Processor time of the same requests, ours over native, in turn. */
async function measureCosts(db, instrumentation, rounds) {
  for (const percent of [0, 1, 100]) {
    const provider = new NodeTracerProvider({
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(percent / 100) }),
    });
    instrumentation.setTracerProvider(provider);
    const tracer = provider.getTracer('server');
    const [native, ours] = await Promise.all(
      [false, true].map((isCompiled) => serve(load(isCompiled, db, tracer), tracer)),
    );
    const time = async (server) => {
      const start = process.cpuUsage();
      await ask(server, 100);
      const { user, system } = process.cpuUsage(start);
      return user + system;
    };
    const ratios = [];
    for (let i = -2; i < rounds; i++) {
      const order = i % 2 === 0 ? [native, ours] : [ours, native];
      const [first, second] = [await time(order[0]), await time(order[1])];
      const ratio = order[0] === native ? second / first : first / second;
      if (i >= 0) ratios.push(ratio);
    }
    console.log(`${percent} % sampled: ${median(ratios).toFixed(2)} of native`);
    await Promise.all([native.app.close(), ours.app.close()]);
  }
}

runCommand('traces', async () => {
  const { values } = readArguments({
    requests: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '20' },
  });
  if (values.help) return console.log(HELP);
  const requests = readCount('--requests', values.requests, 1);
  const rounds = readCount('--rounds', values.rounds, 0);
  const db = await PGlite.create();
  await db.exec('CREATE TABLE words (id int PRIMARY KEY, word text)');
  await db.query(
    `INSERT INTO words SELECT i, 'word ' || i FROM generate_series(0, ${WORDS - 1}) AS i`,
  );
  const { AsyncGenInstrumentation } = require(dist('opentelemetry'));
  const instrumentation = new AsyncGenInstrumentation();
  new NodeTracerProvider().register();
  await checkTraces(db, instrumentation, requests);
  if (rounds > 0) await measureCosts(db, instrumentation, rounds);
  await db.close();
});
