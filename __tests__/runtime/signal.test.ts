import { EventEmitter, on } from 'node:events';
import { setInterval as ticks, setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  asyncGenSignal,
  getAsyncGenState,
  setAsyncGenHooks,
  type AsyncGenHooks,
  type AsyncGenOutcome,
} from 'asyncgen-hooks';
import { compileHooked } from '../helpers/babel.js';
import { load, type Gen } from '../helpers/generators.js';
import { clearHooks } from '../helpers/hooks.js';
import { run } from '../helpers/run.js';

/** The sentences of docs/contract.md under "Cancellation", by their numbers. */

afterEach(clearHooks);

/** Compiles a program that has `asyncGenSignal` and what stands in `names`. */
function program(names: string, source: string): (...args: unknown[]) => any {
  return load(`const { asyncGenSignal } = require('asyncgen-hooks');
    module.exports = (${names}) => { ${source} };`);
}

/** Rejects with the signal's reason, as fetch does. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );

const hooksOf: Record<string, Partial<AsyncGenHooks>> = {
  'no hook': {},
  'a finalizer': { finalizer: () => {} },
  iter: { iter: (_, value) => value },
  'all hooks': {
    init: () => {},
    firstiter: () => {},
    iter: () => {},
    finalizer: () => {},
    resume: (_, step) => step(),
  },
};

describe.each(Object.entries(hooksOf))('with %s in force', (_, hooks) => {
  let outcomes: AsyncGenOutcome[];

  beforeEach(() => {
    outcomes = [];
    const finalizer =
      hooks.finalizer && ((_gen: unknown, outcome: AsyncGenOutcome) => void outcomes.push(outcome));
    setAsyncGenHooks({ ...hooks, ...(finalizer && { finalizer }) });
  });

  const expectOutcomes = (...expected: AsyncGenOutcome[]): void =>
    expect(outcomes).toEqual(hooks.finalizer ? expected : []);

  test('29: one signal for the life of the body, from each call and from arrow functions', async () => {
    const seen: AbortSignal[] = [];
    const gen = program(
      'seen',
      `return async function* () {
      seen.push(asyncGenSignal());
      yield 1;
      (() => seen.push((() => asyncGenSignal())()))();
      yield 2;
    }`,
    )(seen)();
    await gen.next();
    await gen.next();
    expect(seen[0]).toBeInstanceOf(AbortSignal);
    expect(seen[1]).toBe(seen[0]);
    expect(seen[0]!.aborted).toBe(false);
  });

  test('29: return() aborts it when it is asked for, and not when its turn comes', async () => {
    const record: unknown[] = [];
    const gen: Gen = program(
      'record, untilAborted',
      `return async function* () {
      const signal = asyncGenSignal();
      signal.addEventListener('abort', () => record.push('aborted'));
      try { await untilAborted(signal); } finally { record.push('finally'); }
    }`,
    )(record, untilAborted)();
    const pending = gen.next();
    const end = gen.return('given');
    expect(record).toEqual(['aborted']);
    expect(await pending).toEqual({ value: undefined, done: true });
    expect(await end).toEqual({ value: 'given', done: true });
    expect(record).toEqual(['aborted', 'finally']);
    expectOutcomes({ type: 'closed', value: 'given' });
  });

  test('29: also where the signal is asked for behind the return()', async () => {
    const gen: Gen = program(
      '',
      `return async function* () {
      try { yield 1 } finally { yield asyncGenSignal().aborted }
    }`,
    )()();
    await gen.next();
    expect(await gen.return(2)).toEqual({ value: true, done: false });
  });

  test('29: throw() aborts it with its error, and the generator has failed with that', async () => {
    const error = new Error('given');
    const signals: AbortSignal[] = [];
    const gen: Gen = program(
      'signals, untilAborted',
      `return async function* () {
      signals.push(asyncGenSignal());
      await untilAborted(signals[0]);
    }`,
    )(signals, untilAborted)();
    const pending = gen.next();
    gen.throw(error).catch(() => {});
    expect(signals[0]!.reason).toBe(error);
    await expect(pending).rejects.toBe(error);
    expectOutcomes({ type: 'failed', error });
  });

  test.each([
    ['its end', ''],
    ['a return', 'return 1;'],
    ['an error', 'throw 1;'],
  ])('29: %s does not abort it', async (_name, last) => {
    const signals: AbortSignal[] = [];
    const gen: Gen = program(
      'signals',
      `return async function* () {
      signals.push(asyncGenSignal());
      ${last}
    }`,
    )(signals)();
    await gen.next().catch(() => {});
    await gen.return(undefined);
    expect(signals[0]!.aborted).toBe(false);
  });

  test.each([
    ['the reason', 'throw signal.reason'],
    ['an error whose cause that is', 'throw new Error("x", { cause: signal.reason })'],
  ])('30: a body that fails with %s of a return() is closed', async (_name, fail) => {
    const gen: Gen = program(
      '',
      `return async function* () {
      const signal = asyncGenSignal();
      try { await new Promise((go) => signal.addEventListener('abort', go)); } finally { ${fail} }
    }`,
    )()();
    const pending = [gen.next(), gen.next()];
    const end = gen.return('given');
    expect(await Promise.all([...pending, end])).toEqual([
      { value: undefined, done: true },
      { value: undefined, done: true },
      { value: 'given', done: true },
    ]);
    expectOutcomes({ type: 'closed', value: 'given' });
  });

  test('30: with another error it has failed', async () => {
    const gen: Gen = program(
      '',
      `return async function* () {
      const signal = asyncGenSignal();
      await new Promise((go) => signal.addEventListener('abort', go));
      throw 'mine';
    }`,
    )()();
    const pending = gen.next();
    gen.return('given').catch(() => {});
    await expect(pending).rejects.toBe('mine');
    expectOutcomes({ type: 'failed', error: 'mine' });
  });

  test.each(['yield* inner()', 'for await (const x of inner()) yield x'])(
    '31: asks the same of those that it reads from by %s, through three generators',
    async (read) => {
      const reasons: unknown[] = [];
      const record: unknown[] = [];
      const gen: Gen = program(
        'record, reasons, untilAborted',
        `
        async function* source() {
          const signal = asyncGenSignal();
          signal.addEventListener('abort', () => reasons.push(signal.reason));
          try { yield 1; await untilAborted(signal); } finally { record.push('source'); }
        }
        async function* inner() {
          try { ${read.replace('inner', 'source')} } finally { record.push('inner'); }
        }
        return async function* () {
          const signal = asyncGenSignal();
          signal.addEventListener('abort', () => reasons.push(signal.reason));
          try { ${read} } finally { record.push('outer'); }
        };`,
      )(record, reasons, untilAborted)();
      expect(await gen.next()).toEqual({ value: 1, done: false });
      const pending = gen.next();
      // The source has to be at its second await.
      for (let i = 0; i < 20; i++) await null;
      const end = gen.return('given');
      expect(reasons).toHaveLength(2);
      expect(reasons[0]).toBe(reasons[1]);
      expect(await pending).toEqual({ value: undefined, done: true });
      expect(await end).toEqual({ value: 'given', done: true });
      expect(record).toEqual(['source', 'inner', 'outer']);
      if (hooks.finalizer)
        expect(outcomes.map(({ type }) => type)).toEqual(['closed', 'closed', 'closed']);
    },
  );

  test.each(['yield* inner()', 'for await (const x of inner()) yield x'])(
    '31: what is read by %s has failed behind a throw(), as the generators that read it',
    async (read) => {
      const error = new Error('given');
      const gen: Gen = program(
        'untilAborted',
        `
        async function* source() { yield 1; await untilAborted(asyncGenSignal()); }
        async function* inner() { ${read.replace('inner', 'source')} }
        return async function* () { ${read} };`,
      )(untilAborted)();
      await gen.next();
      const pending = gen.next();
      for (let i = 0; i < 20; i++) await null;
      gen.throw(error).catch(() => {});
      await expect(pending).rejects.toBe(error);
      const failed = { type: 'failed' as const, error };
      expectOutcomes(failed, failed, failed);
    },
  );

  test('31: what a finally block reads from is not asked to end', async () => {
    const record: unknown[] = [];
    const gen: Gen = program(
      'record',
      `
      async function* cleanup() { yield asyncGenSignal().aborted; yield asyncGenSignal().aborted }
      return async function* () {
        try { asyncGenSignal(); yield 1 } finally { for await (const x of cleanup()) record.push(x) }
      };`,
    )(record)();
    await gen.next();
    await gen.return(undefined);
    expect(record).toEqual([false, false]);
  });

  test('31: one that is stepped by hand is not asked to end', async () => {
    const signals: AbortSignal[] = [];
    const gen: Gen = program(
      'signals',
      `
      async function* inner() { signals.push(asyncGenSignal()); yield 1; }
      return async function* () { const it = inner(); await it.next(); yield 1; yield* []; };`,
    )(signals)();
    await gen.next();
    await gen.return(undefined);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });

  test('return() before the start: the body never runs', async () => {
    const record: unknown[] = [];
    const gen: Gen = program(
      'record',
      `return async function* () {
      record.push(asyncGenSignal());
    }`,
    )(record)();
    expect(await gen.return(1)).toEqual({ value: 1, done: true });
    expect(record).toEqual([]);
  });

  describe('frees what waits at', () => {
    const readers: [string, string, unknown[]][] = [
      [
        'node:events on()',
        `for await (const [x] of on(bus, 'e', { signal: asyncGenSignal() })) yield x`,
        [1],
      ],
      [
        'setTimeout() of node:timers/promises',
        `yield 1; await delay(1e8, 0, { signal: asyncGenSignal() })`,
        [1],
      ],
      [
        'setInterval() of node:timers/promises',
        `for await (const _ of ticks(1e8, 0, { signal: asyncGenSignal() })) yield 1`,
        [],
      ],
      ['what rejects as fetch does', `yield 1; await untilAborted(asyncGenSignal())`, [1]],
    ];
    test.each(readers)('%s', async (_name, body, items) => {
      const bus = new EventEmitter();
      const gen: Gen = program(
        'on, bus, delay, ticks, untilAborted',
        `return async function* () {
        ${body}
      }`,
      )(on, bus, delay, ticks, untilAborted)();
      for (const item of items) {
        const step = gen.next();
        bus.emit('e', item);
        expect(await step).toEqual({ value: item, done: false });
      }
      const pending = gen.next();
      for (let i = 0; i < 20; i++) await null;
      const end = gen.return('end');
      expect(await pending).toEqual({ value: undefined, done: true });
      expect(await end).toEqual({ value: 'end', done: true });
      expect(bus.listenerCount('e')).toBe(0);
      expectOutcomes({ type: 'closed', value: 'end' });
    });
  });
});

test('a loop that is left while the generator waits ends at once', async () => {
  const bus = new EventEmitter();
  const events = program(
    'on, bus',
    `
    async function* events() { for await (const [x] of on(bus, 'e', { signal: asyncGenSignal() })) yield x }
    return async function* () { yield* events() };`,
  )(on, bus)();
  const pending = events.next();
  expect(bus.listenerCount('e')).toBe(1);
  await events.return(undefined);
  expect(await pending).toEqual({ value: undefined, done: true });
  expect(bus.listenerCount('e')).toBe(0);
});

describe('asyncGenSignal()', () => {
  const attempt = (call: () => unknown): any => {
    try {
      return call();
    } catch (error) {
      return error;
    }
  };

  test('throws outside a body, with the remedy', () => {
    const error = attempt(asyncGenSignal);
    expect([error.code, error.message]).toEqual([
      'ERR_ASYNCGEN_SIGNAL',
      'asyncgen-hooks/runtime: asyncGenSignal() was called outside the body of a compiled async ' +
        'generator. Call it inside the body, by its imported name, in a file that is compiled.',
    ]);
  });

  const MODULES = ['@babel/plugin-transform-modules-commonjs'];

  test.each([
    ['a named import', `import { asyncGenSignal } from 'asyncgen-hooks'`, 'asyncGenSignal()'],
    ['another name', `import { asyncGenSignal as own } from 'asyncgen-hooks'`, 'own()'],
    ['a namespace', `import * as hooks from 'asyncgen-hooks'`, 'hooks.asyncGenSignal()'],
    ['require', `const { asyncGenSignal } = require('asyncgen-hooks')`, 'asyncGenSignal()'],
    ['require, another name', `const { asyncGenSignal: own } = require('asyncgen-hooks')`, 'own()'],
    ['require, a whole', `const hooks = require('asyncgen-hooks')`, 'hooks.asyncGenSignal()'],
  ])('is found by %s', async (_, head, call) => {
    const isModule = head.startsWith('import');
    const { gen } = run(
      compileHooked(`${head};\nexports.gen = async function* () { yield ${call} };`, {
        sourceType: isModule ? 'module' : 'script',
        plugins: isModule ? MODULES : [],
      }),
    );
    expect((await gen().next()).value).toBeInstanceOf(AbortSignal);
  });

  test('other functions that are required beside it stay what they are', async () => {
    const gen = load(`const { asyncGenSignal, getAsyncGenState: state } = require('asyncgen-hooks');
      module.exports = async function* () { yield state({}); yield asyncGenSignal() };`)();
    expect((await gen.next()).value).toBe(undefined);
    expect((await gen.next()).value).toBeInstanceOf(AbortSignal);
  });

  test.each([
    ['a function inside', 'yield (function () { return asyncGenSignal() })()'],
    ['a method inside', 'yield ({ m() { return asyncGenSignal() } }).m()'],
    [
      'a parameter of a function inside',
      'yield ((function (x = asyncGenSignal()) { return x })())',
    ],
  ])('in %s is not that of the generator, and throws', async (_, body) => {
    const gen: Gen = program('', `return async function* () { ${body} }`)()();
    await expect(gen.next()).rejects.toMatchObject({ code: 'ERR_ASYNCGEN_SIGNAL' });
  });

  test('in a parameter stands outside the body, and throws', () => {
    const make = program(
      '',
      `return async function* (signal = asyncGenSignal()) { yield signal }`,
    )();
    expect(attempt(make).code).toBe('ERR_ASYNCGEN_SIGNAL');
  });

  test('in the key of a method inside is that of the generator around', async () => {
    const signals: AbortSignal[] = [];
    const gen: Gen = program(
      'signals',
      `return async function* () {
      const key = () => (signals.push(asyncGenSignal()), 'key');
      const object = { async *[(signals.push(asyncGenSignal()), 'key')]() { signals.push(asyncGenSignal()) } };
      key();
      await object.key().next();
    }`,
    )(signals)();
    await gen.next();
    expect(signals[0]).toBe(signals[1]);
    expect(signals[2]).not.toBe(signals[0]);
    expect(signals[2]).toBeInstanceOf(AbortSignal);
  });

  test('of a name that is something else is left alone', async () => {
    const gen = load(`const { asyncGenSignal } = require('asyncgen-hooks');
      module.exports = async function* () { { const asyncGenSignal = () => 'mine'; yield asyncGenSignal() } };`)();
    expect((await gen.next()).value).toBe('mine');
  });
});

test('the state of one that is freed by its signal', async () => {
  setAsyncGenHooks({ finalizer: () => {} });
  const gen: Gen = program(
    'untilAborted',
    `return async function* () {
    await untilAborted(asyncGenSignal());
  }`,
  )(untilAborted)();
  const pending = gen.next();
  const end = gen.return(undefined);
  expect(getAsyncGenState(gen)).toBe('closing');
  await Promise.all([pending, end]);
  expect(getAsyncGenState(gen)).toBe('closed');
});
