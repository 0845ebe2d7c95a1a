import { EventEmitter } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { recordOutcomes, clearHooks } from '../helpers/hooks.js';
import { load, type Gen } from '../helpers/generators.js';
import { DONE, fine, names, track } from './support/track.js';

/** Subscriptions, and what is built of them. */
const { clicks, texts, merged }: Record<string, (...args: any[]) => Gen> = load(`
  const { on } = require('node:events');
  const { asyncGenSignal } = require('asyncgen-hooks');
  module.exports = {
    async *clicks(bus, record = []) {
      try {
        for await (const [event] of on(bus, 'click', { signal: asyncGenSignal() })) yield event;
      } finally {
        record.push('unsubscribed');
      }
    },
    async *texts(clicks, record = []) {
      try {
        for await (const click of clicks) yield 'click ' + click;
      } finally {
        record.push('texts end');
      }
    },
    async *merged(...all) {
      for (const each of all) yield* each;
    },
  };
`);

/** What a consumer's loop does, in order; `ends` when it ends without an error. */
async function consume(items: AsyncIterable<unknown>, record: unknown[]): Promise<void> {
  try {
    for await (const item of items) record.push(item);
    record.push('loop ends');
  } catch (error) {
    record.push(error);
  }
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 4; i++) await new Promise(setImmediate);
};

describe('a subscription that waits for an event', () => {
  test('closes at the end of its scope: its consumer’s loop ends without an error', async () => {
    const tracker = track();
    const bus = new EventEmitter();
    const record: unknown[] = [];
    let consumer!: Promise<void>;
    const scope = tracker.scope();
    await scope.run(async () => {
      consumer = consume(clicks!(bus, record), record);
      bus.emit('click', 1);
      await settled();
    });
    const report = await scope.close();
    await consumer;
    expect(record).toEqual([1, 'unsubscribed', 'loop ends']);
    expect([names(report.closed), report.blocked, report.failed]).toEqual([['clicks'], [], []]);
    expect(report.closed).toMatchObject([{ state: 'running', items: 1 }]);
    expect(bus.listenerCount('click')).toBe(0);
  });

  test.each([
    ['a loop', (bus: EventEmitter) => texts!(clicks!(bus))],
    ['yield*', (bus: EventEmitter) => merged!(clicks!(bus))],
    ['both', (bus: EventEmitter) => texts!(merged!(texts!(clicks!(bus))))],
  ])('closes with all that read from it by %s', async (_, build) => {
    const tracker = track();
    const bus = new EventEmitter();
    const record: unknown[] = [];
    const consumer = consume(build(bus), record);
    await settled();
    const before = names(tracker.live()).sort();
    const report = await tracker.shutdown();
    await consumer;
    expect(record).toEqual(['loop ends']);
    expect(names(report.closed).sort()).toEqual(before);
    expect([report.blocked, report.failed]).toEqual([[], []]);
    expect(bus.listenerCount('click')).toBe(0);
  });

  test('of another owner is left alone, though one that is closed reads from it', async () => {
    const tracker = track();
    const bus = new EventEmitter();
    const subscription = clicks!(bus);
    const own = subscription.next();
    await settled();
    const scope = tracker.scope();
    const reader = fine();
    await scope.run(() => reader.next());
    expect(names((await scope.close()).closed)).toEqual(['fine']);
    bus.emit('click', 'still here');
    expect(await own).toEqual({ value: 'still here', done: false });
    await subscription.return(undefined);
  });

  test('is closed for its finalizer, with no error that nobody handles', async () => {
    const outcomes = recordOutcomes();
    try {
      const tracker = track();
      const step = clicks!(new EventEmitter()).next();
      await settled();
      await tracker.shutdown();
      expect(await step).toEqual(DONE);
      expect(outcomes).toEqual([{ type: 'closed', value: undefined }]);
    } finally {
      clearHooks();
    }
  });
});

test('signals come first: of all that is open, before any finally block runs', async () => {
  const tracker = track();
  const record: string[] = [];
  const signalled: (...args: unknown[]) => Gen = load(`
    const { asyncGenSignal } = require('asyncgen-hooks');
    module.exports = async function* signalled(name, record) {
      asyncGenSignal().addEventListener('abort', () => record.push(name + ' aborted'));
      try { yield 1; } finally { record.push(name + ' closes'); }
    }`);
  const kept = [signalled('a', record), signalled('b', record)];
  for (const each of kept) await each.next();
  const { closed } = await tracker.shutdown();
  expect(record).toEqual(['a aborted', 'b aborted', 'a closes', 'b closes']);
  expect(closed).toMatchObject([{ state: 'suspended' }, { state: 'suspended' }]);
});

test('one that is suspended, and is read again when its signal has gone off, ends without an error', async () => {
  const tracker = track();
  const reads: (...args: unknown[]) => Gen = load(`
    const { asyncGenSignal } = require('asyncgen-hooks');
    module.exports = async function* reads() {
      const signal = asyncGenSignal();
      yield 1;
      signal.throwIfAborted();
      yield 2;
    }`);
  const late = reads();
  const first: Gen = load(`module.exports = async function* first(late, record) {
    try { yield 1; } finally { record.push(await late.next()); }
  }`)(late, ((late as any).record = []));
  await first.next();
  await late.next();
  const report = await tracker.shutdown();
  expect((late as any).record).toEqual([DONE]);
  expect([names(report.closed), report.failed]).toEqual([['first', 'reads'], []]);
});
