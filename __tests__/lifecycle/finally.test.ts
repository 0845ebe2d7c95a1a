import { afterEach, describe, expect, test } from '@jest/globals';
import { trackAsyncGens, type AsyncGenTracker } from 'asyncgen-hooks/lifecycle';
import { collectUntil } from '../helpers/gc.js';
import { load, type Gen } from '../helpers/generators.js';

const open: AsyncGenTracker[] = [];

function track(): AsyncGenTracker {
  const tracker = trackAsyncGens({ onAbandoned: () => {} });
  open.push(tracker);
  return tracker;
}

afterEach(() => {
  for (const tracker of open.splice(0)) tracker[Symbol.dispose]();
});

const yieldsInFinally = (record: unknown[]): Gen =>
  load(`module.exports = async function* (record) {
    try { yield 1; } finally { await null; yield 'flush'; record.push('released'); }
  }`)(record);

describe('a finally block that yields goes on to its end', () => {
  test('after a loop that was left', async () => {
    const record: unknown[] = [];
    const tracker = track();
    const gen = yieldsInFinally(record);
    for await (const _ of gen) break;
    const { closed } = await tracker.shutdown();
    expect([record, closed.length, tracker.live()]).toEqual([['released'], 1, []]);
  });

  test('while the program closes it', async () => {
    const record: unknown[] = [];
    const tracker = track();
    const gen = yieldsInFinally(record);
    await gen.next();
    const returned = gen.return(undefined);
    expect(tracker.live()).toMatchObject([{ state: 'closing' }]);
    await tracker.shutdown();
    expect([record, await returned]).toEqual([['released'], { value: 'flush', done: false }]);
  });

  test('while other trackers close it', async () => {
    const record: unknown[] = [];
    const trackers = [track(), track(), track()];
    const gen = yieldsInFinally(record);
    await gen.next();
    const reports = await Promise.all(trackers.map((tracker) => tracker.shutdown()));
    expect(record).toEqual(['released']);
    expect(reports.map(({ closed }) => closed.length)).toEqual([1, 1, 1]);
  });

  test('where the program has dropped it, and two trackers find it', async () => {
    const record: unknown[] = [];
    const trackers = [track(), track()];
    await yieldsInFinally(record).next();
    await collectUntil(() => trackers.every((tracker) => tracker.live().length === 0));
    expect(record).toEqual(['released']);
  });
});
