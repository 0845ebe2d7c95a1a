import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { diag, DiagLogLevel, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-node';
import { addAsyncGenHooks } from 'asyncgen-hooks';
import {
  AsyncGenInstrumentation,
  type AsyncGenInstrumentationConfig,
} from 'asyncgen-hooks/opentelemetry';
import { collect, gen } from '../helpers/generators.js';

/** What a program, an option, a sampler, a processor or another tool may do to us. */

/** Where one of these is set, it throws. */
const broken = { sampler: false, onStart: false, onEnd: false };
const breakIf = (what: keyof typeof broken): void => {
  if (broken[what]) throw new Error(what);
};

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({
  sampler: {
    shouldSample: () => {
      breakIf('sampler');
      return { decision: 2 };
    },
  },
  spanProcessors: [
    new SimpleSpanProcessor(exporter),
    {
      onStart: () => breakIf('onStart'),
      onEnd: () => breakIf('onEnd'),
      forceFlush: async () => {},
      shutdown: async () => {},
    },
  ],
});
const told: string[] = [];
const tell = (...args: unknown[]): void => void told.push(args.map(String).join(' '));
beforeAll(() => {
  provider.register();
  const logger = { error: tell, warn: tell, info() {}, debug() {}, verbose() {} };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
});
const started: AsyncGenInstrumentation[] = [];
afterEach(() => {
  for (const each of started.splice(0)) each.disable();
  exporter.reset();
  told.length = 0;
  broken.sampler = broken.onStart = broken.onEnd = false;
});
afterAll(() => {
  diag.disable();
  return provider.shutdown();
});

function start(config: AsyncGenInstrumentationConfig = {}): AsyncGenInstrumentation {
  const instrumentation = new AsyncGenInstrumentation(config);
  started.push(instrumentation);
  instrumentation.setTracerProvider(provider);
  return instrumentation;
}

const outcomes = (): unknown[] =>
  exporter.getFinishedSpans().map(({ attributes }) => attributes['asyncgen.outcome']);

const rows = gen('yield 1; yield 2;');

describe('a body throws', () => {
  const getter = (name: string): Error =>
    Object.defineProperty(new Error('a message'), name, {
      get() {
        throw new Error('a getter');
      },
    });
  const unprintable = 'a value that cannot be printed';
  const CASES: [string, unknown, type: string, message: string, exception?: string][] = [
    ['null', null, 'object', 'null'],
    ['undefined', undefined, 'undefined', 'undefined'],
    ['a symbol', Symbol('s'), 'symbol', 'Symbol(s)'],
    ['an object without a prototype', Object.create(null), 'object', unprintable],
    ['an error whose message throws', getter('message'), 'object', unprintable],
    ['one whose name throws', getter('name'), 'Error', 'a message', 'Error'],
    ['one whose stack throws', getter('stack'), 'Error', 'a message', 'Error'],
    [
      'an error of another realm',
      runInNewContext('new TypeError("m")'),
      'TypeError',
      'm',
      'TypeError',
    ],
    ['one that is frozen', Object.freeze(new RangeError('m')), 'RangeError', 'm', 'RangeError'],
    ['one with a code', Object.assign(new Error('m'), { code: 'EPIPE' }), 'Error', 'm', 'EPIPE'],
    [
      'one whose code is an object',
      Object.assign(new Error('m'), { code: {} }),
      'Error',
      'm',
      'Error',
    ],
  ];
  test.each(CASES.map((given) => [given[0], given] as const))('%s', async (_what, given) => {
    const [, error, type, message, exception] = given;
    start();
    await expect(collect(gen('yield 1; throw args[0];')(error))).rejects.toBe(error);
    const [span] = exporter.getFinishedSpans() as [ReadableSpan];
    expect(span.status).toEqual({ code: 2, message });
    expect(span.attributes['error.type']).toBe(type);
    expect(span.events[0]!.attributes).toMatchObject({
      'exception.message': message,
      ...(exception !== undefined && { 'exception.type': exception }),
    });
    expect(told).toEqual([]);
  });
});

describe('what throws is told to diag, and the program goes on:', () => {
  const fail = (what: string) => (): never => {
    throw new Error(what);
  };
  test('filter, which counts as none', async () => {
    start({ filter: fail('filter') });
    expect(await collect(rows())).toEqual([1, 2]);
    expect(outcomes()).toEqual(['exhausted']);
    expect(told).toEqual(['asyncgen-hooks filter failed Error: filter']);
  });

  test('spanName, which counts as none', async () => {
    start({ spanName: fail('spanName') });
    expect(await collect(rows())).toEqual([1, 2]);
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['gen']);
    expect(told).toEqual(['asyncgen-hooks spanName failed Error: spanName']);
  });

  test.each(['sampler', 'onStart', 'onEnd'] as const)('%s', async (what) => {
    const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({ exporter: metrics });
    const meters = new MeterProvider({ readers: [reader] });
    start().setMeterProvider(meters);
    broken[what] = true;
    expect(await collect(rows())).toEqual([1, 2]);
    expect(told).toEqual([
      `asyncgen-hooks ${what === 'onEnd' ? 'end' : 'start'} of a span failed Error: ${what}`,
    ]);
    await meters.forceFlush();
    const all = metrics.getMetrics()[0]!.scopeMetrics[0]!.metrics;
    const values = all.map(({ descriptor, dataPoints: [point] }) => [
      descriptor.name.replace('asyncgen.', ''),
      typeof point!.value === 'number' ? point!.value : (point!.value as { count: number }).count,
    ]);
    expect(Object.fromEntries(values)).toEqual({
      begun: 1,
      open: 0,
      abandoned: 0,
      items: 2,
      duration: 1,
      time_to_first_item: 1,
    });
    await meters.shutdown();
  });
});

describe('beside others', () => {
  test('a tool that puts its own context around ours', async () => {
    start();
    using _ = addAsyncGenHooks({
      firstiter(_gen, handle) {
        const { context } = handle;
        handle.context = { runInAsyncScope: (...args) => context!.runInAsyncScope(...args) };
      },
    });
    expect(
      await collect(gen('yield args[0]();')(() => trace.getActiveSpan() !== undefined)),
    ).toEqual([true]);
    expect(outcomes()).toEqual(['exhausted']);
  });

  test('a second instrumentation: each ends the spans that it began', async () => {
    start();
    start();
    await collect(rows());
    expect(outcomes()).toEqual(['exhausted', 'exhausted']);
  });

  test('a body that ends its span', async () => {
    start({ itemEvents: true });
    await collect(gen('args[0](); yield 1; yield 2;')(() => trace.getActiveSpan()!.end()));
    expect(outcomes()).toEqual([undefined]);
    expect(told).toEqual([]);
  });

  test('disabled and enabled while a generator is open: its span is over', async () => {
    const instrumentation = start({ itemEvents: true });
    const made = rows();
    await made.next();
    instrumentation.disable();
    instrumentation.enable();
    expect(await collect(made)).toEqual([2]);
    expect(exporter.getFinishedSpans().map(({ events }) => events.length)).toEqual([1]);
    expect(outcomes()).toEqual(['open']);
    expect(told).toEqual([]);
  });

  test('isEnabled() of the base class', () => {
    const instrumentation = start() as AsyncGenInstrumentation & { isEnabled(): boolean };
    const states = [instrumentation.isEnabled()];
    instrumentation.disable();
    states.push(instrumentation.isEnabled());
    instrumentation.enable();
    states.push(instrumentation.isEnabled());
    expect(states).toEqual([true, false, true]);
  });
});
