import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { context, ROOT_CONTEXT, trace, type Tracer } from '@opentelemetry/api';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { AsyncGenInstrumentation } from 'asyncgen-hooks/opentelemetry';
import { load } from '../helpers/generators.js';

/**
 * Programs that others have reported, in our words and with OpenTelemetry's SDK in the place of theirs: what spans
 * come of each natively, and with the instrumentation. `name < parent`, in the order in which they end.
 */
const PROGRAMS: Record<string, { source: string; natively: string[]; traced: string[] }> = {
  // https://github.com/DataDog/dd-trace-js/issues/5658
  // What its `wrap()` does: the span of a function ends when it returns, unless that is a promise.
  'a function that is wrapped in a span and gives a generator': {
    source: `async (tracer, outside) => {
      const wrap = (name, fn) => (...args) => tracer.startActiveSpan(name, (span) => {
        const out = fn(...args);
        if (typeof out.then === 'function') return out.finally(() => span.end());
        span.end();
        return out;
      });
      const query = wrap('query', async (page) => [page]);
      const pages = wrap('wrapped', async function* pages() {
        for (let page = 0; page < 2; page++) yield* await query(page);
      });
      const made = tracer.startActiveSpan('request', (span) => {
        const made = pages();
        span.end();
        return made;
      });
      await outside(async () => { for await (const row of made); });
    }`,
    natively: ['wrapped < request', 'request', 'query', 'query'],
    traced: ['wrapped < request', 'request', 'query < pages', 'query < pages', 'pages < wrapped'],
  },
  // https://github.com/openlit/openlit/issues/1454
  // What its streams do: the span of an answer ends where a step says that there is no more.
  'an answer of a model whose reader has enough, or closes it': {
    source: `async (tracer) => {
      const tracedStream = (span, stream) => ({
        [Symbol.asyncIterator]() { return this; },
        async next() {
          const step = await stream.next();
          if (step.done) span.end();
          return step;
        },
        return: (value) => stream.return(value),
      });
      async function* tokens() { yield 'call'; yield 'the'; yield 'tool'; }
      const create = () => tracedStream(tracer.startSpan('chat'), tokens());
      for await (const token of create());
      for await (const token of create()) break;
      const stream = create();
      await stream.next();
      await stream.return();
    }`,
    natively: ['chat'],
    traced: ['tokens', 'chat', 'tokens', 'tokens'],
  },
};

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const instrumentation = new AsyncGenInstrumentation({ enabled: false });
beforeAll(() => {
  provider.register();
  instrumentation.setTracerProvider(provider);
});
afterEach(() => instrumentation.disable());
afterAll(() => provider.shutdown());

async function run(source: string): Promise<string[]> {
  const program = load(`module.exports = ${source}`) as (
    tracer: Tracer,
    outside: (fn: () => unknown) => unknown,
  ) => Promise<void>;
  await program(provider.getTracer('program'), (fn) => context.with(ROOT_CONTEXT, fn));
  const spans = exporter.getFinishedSpans();
  exporter.reset();
  const nameOf = (id: string): string =>
    spans.find((each) => each.spanContext().spanId === id)!.name;
  return spans.map(({ name, parentSpanContext: parent }) =>
    parent === undefined ? name : `${name} < ${nameOf(parent.spanId)}`,
  );
}

describe.each(Object.entries(PROGRAMS))('%s', (_title, { source, natively, traced }) => {
  test('natively', async () => {
    expect(await run(source)).toEqual(natively);
    expect(trace.getActiveSpan()).toBe(undefined);
  });

  test('with AsyncGenInstrumentation', async () => {
    instrumentation.enable();
    expect(await run(source)).toEqual(traced);
  });
});
