import { describe, expect, test } from '@jest/globals';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';
import { collectTimes, collectUntil } from '../helpers/gc.js';
import { make, type Gen } from '../helpers/generators.js';
import { warningsDuring } from '../helpers/warnings.js';
import { DONE, fine, gen, names, rows, track } from './support/track.js';

describe('own and release', () => {
  test('own takes what has begun elsewhere, from all trackers', async () => {
    const [tracker, other] = [track(), track()];
    const scope = tracker.scope();
    const kept = fine();
    await kept.next();
    expect(scope.own(kept)).toBe(kept);
    expect([tracker, other].map((each) => each.live())).toEqual([[], []]);
    expect(names((await scope.close()).closed)).toEqual(['fine']);
  });

  test('own takes what has not begun, and what another scope owns', async () => {
    const tracker = track();
    const [first, second] = [tracker.scope(), tracker.scope()];
    const kept = fine();
    first.own(kept);
    await kept.next();
    expect(names(first.live())).toEqual(['fine']);
    second.own(kept);
    expect([first.live(), names(second.live())]).toEqual([[], ['fine']]);
    await first.close();
    expect(await kept.next()).toEqual({ value: 2, done: false });
    await second.close();
    expect(await kept.next()).toEqual(DONE);
  });

  test('own takes what began before there was a tracker, and forgets it when it has ended', async () => {
    const kept = [fine(), fine(), fine()];
    const before = track();
    for (const each of kept) await each.next();
    before[Symbol.dispose]();
    const scope = track().scope();
    for (const each of kept) scope.own(each);
    for (const each of kept.slice(0, 2)) await each.return(undefined);
    expect(scope.live()).toHaveLength(1);
    expect(names((await scope.close()).closed)).toEqual(['fine']);
  });

  test('a scope that it was given to before it began, and that has ended, is none', async () => {
    const tracker = track();
    const [first, second] = [tracker.scope(), tracker.scope()];
    const kept = fine();
    first.own(kept);
    await first.close();
    await kept.next();
    second.own(kept);
    second.release(kept);
    expect(names(tracker.live())).toEqual(['fine']);
    await kept.return(undefined);
    expect(tracker.hasOpen).toBe(false);
  });

  test.each([true, false])(
    'release lets one go on after the end: begun before, %p',
    async (begun) => {
      const tracker = track();
      const stream = fine();
      await tracker.run(async (scope) => {
        if (begun) await stream.next();
        scope.release(stream);
        if (!begun) await stream.next();
      });
      expect(await stream.next()).toEqual({ value: 2, done: false });
      expect(names(tracker.live())).toEqual(['fine']);
      await tracker.shutdown();
      expect(await stream.next()).toEqual(DONE);
    },
  );

  test('release leaves alone what another scope owns, and what no scope does', async () => {
    const tracker = track();
    const [first, second] = [tracker.scope(), tracker.scope()];
    const kept = [fine(), rows()];
    await first.run(() => kept[0]!.next());
    await kept[1]!.next();
    for (const each of kept) second.release(each);
    expect([names(first.live()), names(tracker.live())]).toEqual([['fine'], ['rows']]);
    await first.close();
  });

  test('what has ended is nobody’s', async () => {
    const tracker = track();
    const scope = tracker.scope();
    const ended = fine();
    await ended.next();
    await ended.return(undefined);
    scope.own(scope.release(ended));
    expect([scope.live(), tracker.live()]).toEqual([[], []]);
  });

  test.each<[string, () => unknown, string]>([
    ['what is no generator', () => ({}), 'an object is no async generator that is watched.'],
    [
      'a generator of a function that is not compiled',
      () => (async function* () {})(),
      'an object',
    ],
    ['nothing', () => undefined, 'undefined is no async generator'],
  ])('%s is refused', (_, made, text) => {
    const scope = track().scope();
    for (const name of ['own', 'release'] as const)
      expect(() => scope[name](made() as never)).toThrow(
        expect.objectContaining({
          code: 'ERR_ASYNCGEN_SCOPE',
          message: expect.stringContaining(`asyncgen-hooks/lifecycle: scope.${name}(): ${text}`),
        }),
      );
  });

  test('what began while nobody watched is refused', async () => {
    const unwatched = fine();
    await unwatched.next();
    expect(() => track().scope().own(unwatched)).toThrow('that has not begun before');
  });
});

describe('the end of a scope', () => {
  test('comes at the end of its block, and enters no context: two functions do not share it', async () => {
    const tracker = track();
    const record: string[] = [];
    const request = async (name: string, turns: number): Promise<Gen> => {
      const scope = tracker.scope();
      try {
        const begun = fine();
        await scope.run(() => begun.next());
        for (let i = 0; i < turns; i++) await new Promise(setImmediate);
        record.push(`${name} ends with ${names(scope.live())}`);
        return begun;
      } finally {
        await scope[Symbol.asyncDispose]();
      }
    };
    const both = await Promise.all([request('a', 1), request('b', 5)]);
    expect(record).toEqual(['a ends with fine', 'b ends with fine']);
    for (const each of both) expect(await each.next()).toEqual(DONE);
  });

  test('comes once: a second call gives the same report, and it takes nothing more', async () => {
    const scope = track().scope();
    const kept = fine();
    await scope.run(() => kept.next());
    const [first, second] = [scope.close(), scope.close()];
    expect(first).toBe(second);
    await first;
    expect(() => scope.run(() => {})).toThrow('scope.run(): the scope has ended.');
    expect(() => scope.own(fine())).toThrow('scope.own(): the scope has ended.');
    expect((await scope.close()).closed).toHaveLength(1);
  });

  test('is left as it is by wrong limits', async () => {
    const tracker = track();
    const scope = tracker.scope({ timeout: 5 });
    const kept = fine();
    await scope.run(() => kept.next());
    await expect(scope.close({ timeout: -1 })).rejects.toThrow('scope.close(): timeout is -1');
    expect(scope.live()).toHaveLength(1);
    expect(() => tracker.scope({ timeuot: 1 } as never)).toThrow('Did you mean "timeout"?');
    await expect(tracker.run(() => {}, { timeout: 0 })).rejects.toThrow('tracker.run(): timeout');
    await scope.close();
  });

  test('uses the limits that it was made with, and those of close() in their place', async () => {
    const tracker = track();
    const hangs = gen('hangs', 'try { yield 1; } finally { await new Promise(() => {}); }');
    // The other limit of each pair would not end within the time of a test.
    for (const [made, closed] of [
      [{ timeout: 5 }, {}],
      [{ timeout: 600_000 }, { timeout: 5, totalTimeout: 1000 }],
    ]) {
      const scope = tracker.scope(made);
      const kept = hangs();
      await scope.run(() => kept.next());
      expect((await scope.close(closed)).blocked).toHaveLength(1);
    }
  });

  test('comes though its tracker is disposed of, and nothing is kept then', async () => {
    const tracker = track();
    const scope = tracker.scope();
    const kept = [fine(), rows()];
    await scope.run(() => kept[0]!.next());
    tracker[Symbol.dispose]();
    await scope.run(() => kept[1]!.next());
    expect(names(scope.live())).toEqual(['fine', 'rows']);
    expect(names((await scope.close()).closed)).toEqual(['fine', 'rows']);
    expect(() => tracker.scope()).toThrow('the tracker was disposed of');
  });
});

describe('a shutdown of the tracker', () => {
  test('leaves to scopes what they own', async () => {
    const tracker = track();
    const scope = tracker.scope();
    const kept = [fine(), rows()];
    await scope.run(() => kept[0]!.next());
    await kept[1]!.next();
    expect(names((await tracker.shutdown()).closed)).toEqual(['rows']);
    expect(await kept[0]!.next()).toEqual({ value: 2, done: false });
    await scope.close();
  });

  test('closes that, too, if it is asked to, and what begins there meanwhile', async () => {
    const tracker = track();
    const scope = tracker.scope();
    const late = fine();
    const kept = [
      gen(
        'kept',
        'try { yield 1; } finally { await args[0](); }',
      )(() => scope.run(() => late.next())),
      rows(),
    ];
    for (const each of kept) await scope.run(() => each.next());
    expect(tracker.hasOpen).toBe(true);
    const { closed } = await tracker.shutdown({ scopes: true });
    expect(names(closed)).toEqual(['kept', 'rows', 'fine']);
    expect(tracker.hasOpen).toBe(false);
  });

  test('finds what did not close at the end of its scope', async () => {
    const tracker = track();
    let free!: () => void;
    const slow = gen('slow', 'try { yield 1; } finally { await args[0]; }');
    const kept = slow(new Promise<void>((resolve) => (free = resolve)));
    const scope = tracker.scope({ timeout: 5 });
    await scope.run(() => kept.next());
    expect((await scope.close()).blocked).toHaveLength(1);
    expect(names(tracker.live({ scopes: true }))).toEqual(['slow']);
    const shutdown = tracker.shutdown({ scopes: true });
    free();
    expect(names((await shutdown).closed)).toEqual(['slow']);
    expect(tracker.live({ scopes: true })).toEqual([]);
  });
});

test('where the host has no AsyncLocalStorage, run says so, and own works', async () => {
  const { getBuiltinModule } = process as { getBuiltinModule?: unknown };
  const key = Symbol.for('asyncgen-hooks/ownership/1');
  const ownership = (globalThis as any)[key];
  const { storage } = ownership;
  try {
    Object.assign(process, { getBuiltinModule: undefined });
    ownership.storage = undefined;
    const tracker = track();
    await expect(tracker.run(() => {})).rejects.toMatchObject({
      code: 'ERR_ASYNCGEN_SCOPE',
      message:
        "asyncgen-hooks/lifecycle: scope.run(): this host has no AsyncLocalStorage (process.getBuiltinModule('node:async_hooks')). Give each generator to a scope by scope.own(gen).",
    });
    const scope = tracker.scope();
    const kept = scope.own(fine());
    await kept.next();
    expect(names((await scope.close()).closed)).toEqual(['fine']);
  } finally {
    Object.assign(process, { getBuiltinModule });
    ownership.storage = storage;
  }
});

test('a scope keeps neither its generators nor itself', async () => {
  const tracker = track();
  const refs: WeakRef<object>[] = [];
  const nested = async (depth: number): Promise<void> => {
    if (depth === 0) return;
    await tracker.run(async (scope) => {
      refs.push(new WeakRef(scope));
      await make()(1, 2).next();
      // Not awaited: the outer scope ends first.
      void nested(depth - 1);
    });
  };
  await nested(20);
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
  expect(refs).toHaveLength(20);
  await collectTimes();
  expect(refs.filter((ref) => ref.deref() !== undefined)).toEqual([]);
});

test('nor those around it that have ended, while it is open', async () => {
  // The helper's would hold its scopes.
  using tracker = trackAsyncGens();
  const refs: WeakRef<object>[] = [];
  // Each is made while the one before is open.
  let scope = tracker.scope();
  for (let i = 0; i < 20; i++) {
    const before = scope;
    refs.push(new WeakRef(before));
    scope = before.run(() => tracker.scope());
    await before.close();
  }
  await collectTimes();
  // The nearest, to which what begins inside looks first.
  expect(refs.filter((ref) => ref.deref() !== undefined).length).toBeLessThanOrEqual(1);
  await scope.close();
});

test('nor one that it could not close in time, when that has ended after all', async () => {
  const tracker = track();
  const refs: WeakRef<object>[] = [];
  const slow = gen('slow', 'try { yield 1; } finally { await args[0]; }');
  const leave = async (): Promise<void> => {
    let free!: () => void;
    const kept = slow(new Promise<void>((resolve) => (free = resolve)));
    const work = async (scope: object): Promise<void> => {
      refs.push(new WeakRef(scope));
      await kept.next();
    };
    await tracker.run(work, { timeout: 5 });
    expect(names(tracker.live({ scopes: true }))).toEqual(['slow']);
    free();
    await kept.return(undefined);
  };
  expect(await warningsDuring(leave)).toMatchObject([{ code: 'ERR_ASYNCGEN_SCOPE' }]);
  await collectTimes();
  expect(refs.map((ref) => ref.deref())).toEqual([undefined]);
});

test('what a scope owns is closed by its own tracker alone when it is dropped', async () => {
  const told: string[] = [];
  const tracker = track({ onAbandoned: () => void told.push('own') });
  track({ onAbandoned: () => void told.push('other') });
  const record: unknown[] = [];
  await tracker.scope().run(async () => void (await fine(record).next()));
  await collectUntil(() => record.length > 0);
  await collectTimes(1);
  expect(told).toEqual(['own']);
});
