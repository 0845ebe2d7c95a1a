import { EventEmitter, once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { getAsyncGenHandle } from 'asyncgen-hooks';
import { collectUntil } from '../helpers/gc.js';
import { warningsDuring } from '../helpers/warnings.js';
import { DONE, fine, gen, names, rows, track } from './support/track.js';

describe('what begins inside of a scope', () => {
  test('is closed at its end, and nothing else is', async () => {
    const tracker = track();
    const outside = fine();
    await outside.next();
    const inside = await tracker.run(async () => {
      const begun = fine();
      await begun.next();
      return [begun];
    });
    expect(await inside[0]!.next()).toEqual(DONE);
    expect(await outside.next()).toEqual({ value: 2, done: false });
    expect(names(tracker.live())).toEqual(['fine']);
  });

  test('is that of one of two requests which run at the same time: neither closes a generator of the other', async () => {
    const tracker = track();
    const short = tracker.run(async () => {
      await rows().next();
      await new Promise(setImmediate);
    });
    const long = tracker.run(async () => {
      let count = 0;
      for await (const _ of rows()) {
        if (++count === 50) break;
        if (count % 10 === 0) await new Promise(setImmediate);
      }
      return count;
    });
    await short;
    expect(await long).toBe(50);
  });

  test('is not of a tracker that another function makes and disposes of', async () => {
    const tracker = track();
    const requestA = async (): Promise<void> => {
      const own = track();
      await rows().next();
      await new Promise(setImmediate);
      await own[Symbol.asyncDispose]();
    };
    const requestB = async (): Promise<number> => {
      let count = 0;
      for await (const _ of rows()) {
        if (++count === 50) break;
        await new Promise(setImmediate);
      }
      return count;
    };
    const [, wanted] = await Promise.all([requestA(), tracker.run(requestB)]);
    expect(wanted).toBe(50);
  });

  test('is told as its own, and not as that of the tracker, unless asked for', async () => {
    const tracker = track();
    const scope = tracker.scope();
    const kept = [fine(), rows()];
    await scope.run(() => kept[0]!.next());
    await kept[1]!.next();
    expect([names(scope.live()), names(tracker.live())]).toEqual([['fine'], ['rows']]);
    expect(names(tracker.live({ scopes: true }))).toEqual(['rows', 'fine']);
    expect(getAsyncGenHandle(kept[0])!.owner).toBe(scope);
    expect(getAsyncGenHandle(kept[1])!.owner).toBe(undefined);
    expect(names((await scope.close()).closed)).toEqual(['fine']);
    expect([scope.live(), names(tracker.live({ scopes: true }))]).toEqual([[], ['rows']]);
  });

  test.each<[string, (begin: () => Promise<unknown>) => Promise<unknown>]>([
    ['await', async (begin) => void (await null, await begin())],
    ['a timer', (begin) => new Promise((resolve) => setTimeout(() => resolve(begin()), 1))],
    ['an immediate', (begin) => new Promise((resolve) => setImmediate(() => resolve(begin())))],
    ['a microtask', (begin) => new Promise((resolve) => queueMicrotask(() => resolve(begin())))],
    [
      'an event',
      (begin) => {
        const emitter = new EventEmitter();
        setImmediate(() => emitter.emit('go'));
        return once(emitter, 'go').then(begin);
      },
    ],
    [
      'a stream',
      async (begin) => {
        for await (const _ of Readable.from(['chunk'])) await begin();
      },
    ],
  ])('is so over %s', async (_, over) => {
    const tracker = track();
    const scope = tracker.scope();
    const kept = rows();
    await scope.run(() => over(() => kept.next()));
    expect([names(scope.live()), names(tracker.live())]).toEqual([['rows'], []]);
    await scope.close();
    expect(await kept.next()).toEqual(DONE);
  });

  test('belongs to the innermost scope; nothing passes to the outer one', async () => {
    const tracker = track();
    const outer = tracker.scope();
    const inner = outer.run(() => tracker.scope({ timeout: 5 }));
    const kept = [rows(), fine(), gen('stuck', 'await new Promise(() => {})')()];
    await outer.run(() => kept[0]!.next());
    await outer.run(() => inner.run(() => kept[1]!.next()));
    void inner.run(() => kept[2]!.next());
    expect([names(outer.live()), names(inner.live())]).toEqual([['rows'], ['fine', 'stuck']]);
    expect(names((await inner.close()).blocked)).toEqual(['stuck']);
    expect(names(outer.live())).toEqual(['rows']);
    expect(names((await outer.close()).closed)).toEqual(['rows']);
  });

  test('stays open when the outer scope ends first', async () => {
    const tracker = track();
    const outer = tracker.scope();
    const inner = outer.run(() => tracker.scope());
    const kept = fine();
    await inner.run(() => kept.next());
    expect(await outer.close()).toMatchObject({ closed: [], blocked: [] });
    expect(await kept.next()).toEqual({ value: 2, done: false });
    expect(names((await inner.close()).closed)).toEqual(['fine']);
  });

  test('belongs to it, too, while it closes: a finally block that begins another one', async () => {
    const tracker = track();
    const scope = tracker.scope();
    const record: unknown[] = [];
    const late = fine(record);
    const kept = gen('kept', 'try { yield 1; } finally { await args[0].next(); }')(late);
    await scope.run(() => kept.next());
    const report = await scope.close();
    expect([names(report.closed), report.rounds, record]).toEqual([
      ['kept', 'fine'],
      2,
      ['closed'],
    ]);
    expect(tracker.live()).toEqual([]);
  });

  test('after its end belongs to the next scope outside, or to the tracker', async () => {
    const tracker = track();
    const outer = tracker.scope();
    const inner = outer.run(() => tracker.scope());
    const [first, second] = [rows(), fine()];
    let begin!: () => void;
    const later = inner.run(() =>
      new Promise<void>((resolve) => (begin = resolve)).then(() => first.next()),
    );
    await inner.close();
    begin();
    await later;
    expect(names(outer.live())).toEqual(['rows']);
    let beginAgain!: () => void;
    const again = outer.run(() =>
      new Promise<void>((resolve) => (beginAgain = resolve)).then(() => second.next()),
    );
    await outer.close();
    beginAgain();
    await again;
    expect(names(tracker.live())).toEqual(['fine']);
  });

  test('and is dropped is closed there, with a warning', async () => {
    const tracker = track();
    const record: unknown[] = [];
    const scope = tracker.scope();
    const warnings = await warningsDuring(async () => {
      await scope.run(async () => void (await fine(record).next()));
      await collectUntil(() => record.length > 0);
    });
    expect(warnings.map(({ code }) => code)).toEqual(['ERR_ASYNCGEN_ABANDONED']);
    expect([scope.live(), record]).toEqual([[], ['closed']]);
  });
});

describe('tracker.run', () => {
  test('gives what its function returns, and rejects with what that throws, when all is closed', async () => {
    const tracker = track();
    const record: unknown[] = [];
    const kept = [fine(record), fine(record)];
    expect(await tracker.run(() => kept[0]!.next())).toEqual({ value: 1, done: false });
    expect(record).toEqual(['closed']);
    const failing = tracker.run(async () => {
      await kept[1]!.next();
      throw new Error('no such table');
    });
    await expect(failing).rejects.toThrow('no such table');
    expect(record).toEqual(['closed', 'closed']);
    await expect(
      tracker.run(() => {
        throw new Error('at once');
      }),
    ).rejects.toThrow('at once');
  });

  test('warns of what does not close in time, or fails to, once for each place', async () => {
    const tracker = track();
    const hangs = gen('hangs', 'try { yield 1; } finally { await new Promise(() => {}); }');
    const fails = gen('fails', "try { yield 1; } finally { throw new Error('cannot close'); }");
    const kept = [hangs(), hangs(), fails()];
    const warnings = await warningsDuring(() =>
      tracker.run(
        async () => {
          for (const each of kept) await each.next();
        },
        { timeout: 5, concurrency: 3 },
      ),
    );
    expect(warnings.map(({ code }) => code)).toEqual(['ERR_ASYNCGEN_SCOPE', 'ERR_ASYNCGEN_SCOPE']);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/fails \(.*\) failed to close at the end of its scope\./),
      expect.stringMatching(/hangs \(.*\) did not close within \d+ ms at the end of its scope\./),
    ]);
  });
});
