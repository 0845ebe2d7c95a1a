import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test } from '@jest/globals';
import { keepAsyncContext } from 'asyncgen-hooks/context';
import { load } from '../helpers/generators.js';

/**
 * Programs that others have reported, in our words: what each gives natively, and what it gives in the
 * context of the call.
 */
const PROGRAMS: Record<string, { source: string; natively: unknown[]; kept: unknown[] }> = {
  // https://github.com/nodejs/node/issues/42237
  'a generator that is called inside of run() and read outside': {
    source: `async (store, log) => {
      async function* body() { log.push(store.getStore()); }
      await store.run('hello', body).next();
    }`,
    natively: [undefined],
    kept: ['hello'],
  },
  // https://github.com/nodejs/node/issues/52317
  'items that are made of the store': {
    source: `async (store, log) => {
      const items = store.run(10, async function* () {
        yield 1 + (store.getStore() ?? 0);
        yield 2 + (store.getStore() ?? 0);
      });
      for await (const item of items) log.push(item);
    }`,
    natively: [1, 2],
    kept: [11, 12],
  },
  // https://github.com/open-telemetry/opentelemetry-js/issues/2951
  'a log line of a handler that streams': {
    source: `async (store, log) => {
      const info = (text) => log.push(text + ' ' + store.getStore()?.trace);
      async function* handler() {
        info('begins');
        yield 1;
        await new Promise(setImmediate);
        info('goes on');
      }
      const call = store.run({ trace: 'a' }, () => handler());
      for await (const _ of call);
    }`,
    natively: ['begins undefined', 'goes on undefined'],
    kept: ['begins a', 'goes on a'],
  },
  // https://github.com/getsentry/sentry-javascript/issues/10772
  'spans whose callbacks are generator functions, one in the other': {
    source: `async (store, log) => {
      const startSpan = (name, callback) => store.run(name, callback);
      const task = () => log.push(store.getStore());
      async function* outer() {
        task();
        yield* startSpan('inner', async function* () {
          task();
          yield 1;
          task();
        });
        task();
      }
      for await (const _ of startSpan('outer', outer));
    }`,
    natively: [undefined, undefined, undefined, undefined],
    kept: ['outer', 'inner', 'inner', 'outer'],
  },
  // https://github.com/langchain-ai/langchainjs/issues/5439
  'chains that are streamed in each other, each with its own configuration': {
    source: `async (store, log) => {
      async function* model() {
        log.push('model in ' + store.getStore());
        yield 'token';
        log.push('model in ' + store.getStore());
      }
      async function* chain() {
        const inner = store.run('model call', () => model());
        for await (const token of inner) {
          log.push('chain in ' + store.getStore());
          yield token;
        }
      }
      const stream = store.run('chain call', () => chain());
      await store.run('writer', async () => { for await (const _ of stream); });
    }`,
    natively: ['model in writer', 'chain in writer', 'model in writer'],
    kept: ['model in model call', 'chain in chain call', 'model in model call'],
  },
};

describe.each(Object.entries(PROGRAMS))('%s', (_title, { source, natively, kept }) => {
  const run = async (): Promise<unknown[]> => {
    const log: unknown[] = [];
    await load(`module.exports = ${source}`)(new AsyncLocalStorage(), log);
    return log;
  };

  test('natively', async () => {
    expect(await run()).toEqual(natively);
  });

  test('with keepAsyncContext()', async () => {
    const keeper = keepAsyncContext();
    try {
      expect(await run()).toEqual(kept);
    } finally {
      keeper.remove();
    }
  });
});
