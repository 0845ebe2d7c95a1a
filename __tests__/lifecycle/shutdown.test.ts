import { afterEach, describe, expect, test } from '@jest/globals';
import { addAsyncGenHooks, getAsyncGenState, setAsyncGenHooks } from 'asyncgen-hooks';
import { trackAsyncGens, type AsyncGenTracker, type TrackOptions } from 'asyncgen-hooks/lifecycle';
import { collectTimes } from '../helpers/gc.js';
import { load, make, type Gen } from '../helpers/generators.js';
import { warningsDuring } from '../helpers/warnings.js';

const open: AsyncGenTracker[] = [];

function track(options: TrackOptions = {}): AsyncGenTracker {
  const tracker = trackAsyncGens(options);
  open.push(tracker);
  return tracker;
}

afterEach(() => {
  for (const tracker of open.splice(0)) tracker[Symbol.dispose]();
});

const names = (list: readonly { site: { name: string } }[]): string[] =>
  list.map(({ site }) => site.name);

/** `name: body` pairs of generator functions, which see `record`. */
function gens(
  record: unknown[],
  bodies: Record<string, string>,
): Record<string, (...args: any[]) => Gen> {
  const functions = Object.entries(bodies).map(
    ([name, body]) => `async function* ${name}(...args) { ${body} }`,
  );
  return load(`module.exports = (record) => {
    ${functions.join('\n')}
    return { ${Object.keys(bodies).join(', ')} };
  }`)(record);
}

describe('shutdown', () => {
  test('closes what is live, the oldest first, one by one', async () => {
    const record: string[] = [];
    const tracker = track();
    const body = (name: string): string =>
      `try { yield 1; } finally { record.push('${name} closes'); await null; await null; record.push('${name} closed'); }`;
    const { a, b } = gens(record, { a: body('a'), b: body('b') });
    const kept = [a!(), b!()];
    for (const gen of kept) await gen.next();
    const report = await tracker.shutdown();
    expect(record).toEqual(['a closes', 'a closed', 'b closes', 'b closed']);
    expect(report).toMatchObject({ failed: [], blocked: [], rounds: 1 });
    expect(names(report.closed)).toEqual(['a', 'b']);
    expect(typeof report.duration).toBe('number');
    expect(tracker.live()).toEqual([]);
  });

  test.each([2, 1.5])('closes several at once if asked to: %d', async (concurrency) => {
    const record: string[] = [];
    const tracker = track();
    const body = (name: string): string =>
      `try { yield 1; } finally { record.push('${name}'); await null; await null; record.push('${name}'); }`;
    const { a, b } = gens(record, { a: body('a'), b: body('b') });
    const kept = [a!(), b!()];
    for (const gen of kept) await gen.next();
    await tracker.shutdown({ concurrency });
    expect(record).toEqual(['a', 'b', 'a', 'b']);
  });

  test('lets a closing generator pull from another one', async () => {
    const record: unknown[] = [];
    const tracker = track();
    const { source, sink } = gens(record, {
      source: "try { yield 1; yield 2; } finally { record.push('source closed'); }",
      sink: 'const [from] = args; try { yield (await from.next()).value; } finally { record.push((await from.next()).value); }',
    });
    const from = source!();
    const to = sink!(from);
    await to.next();
    const report = await tracker.shutdown();
    expect(record).toEqual([2, 'source closed']);
    expect(names(report.closed)).toEqual(['sink', 'source']);
  });

  test('works in rounds until nothing is left: generators born meanwhile are closed, too', async () => {
    const record: unknown[] = [];
    const tracker = track();
    const { outer, inner } = gens(record, {
      outer: 'try { yield 1; } finally { const it = inner(); record.push(it); await it.next(); }',
      inner: "try { yield 1; } finally { record.push('inner closed'); }",
    });
    expect(inner).toBeDefined();
    const it = outer!();
    await it.next();
    const report = await tracker.shutdown();
    expect(record.at(-1)).toBe('inner closed');
    expect([names(report.closed), report.rounds]).toEqual([['outer', 'inner'], 2]);
  });

  test('tells of those that fail and goes on', async () => {
    const tracker = track();
    const { broken, endless, fine } = gens([], {
      broken: "try { yield 1; } finally { throw new Error('cannot close'); }",
      endless: 'for (;;) try { yield 1; } finally { continue; }',
      fine: 'yield 1;',
    });
    const kept = [broken!(), endless!(), fine!()];
    for (const gen of kept) await gen.next();
    const report = await tracker.shutdown();
    expect(names(report.closed)).toEqual(['fine']);
    expect(report.failed.map(({ site, error }) => [site.name, (error as Error).message])).toEqual([
      ['broken', 'cannot close'],
      ['endless', expect.stringContaining('gave 100 items after return()')],
    ]);
  });

  test('tells of those that are blocked, for how long, and closes the others', async () => {
    const tracker = track();
    const { stuck, hangs, fine } = gens([], {
      stuck: 'await new Promise(() => {}); yield 1;',
      hangs: 'try { yield 1; } finally { await new Promise(() => {}); }',
      fine: 'yield 1;',
    });
    const kept = [stuck!(), hangs!(), fine!()];
    void kept[0]!.next();
    await kept[1]!.next();
    await kept[2]!.next();
    const report = await tracker.shutdown({ timeout: 5 });
    expect(names(report.closed)).toEqual(['fine']);
    expect(names(report.blocked)).toEqual(['stuck', 'hangs']);
    expect(report.blocked.every(({ waiting }) => waiting >= 4)).toBe(true);
    expect(names(tracker.live())).toEqual(['stuck', 'hangs']);
  });

  test('called twice gives one report; called again later looks again', async () => {
    const tracker = track({ afterShutdown: 'allow' });
    const gen = make()(1);
    await gen.next();
    const [a, b] = [tracker.shutdown(), tracker.shutdown()];
    expect(a).toBe(b);
    expect((await a).closed).toHaveLength(1);
    const later = make()(1);
    await later.next();
    expect((await tracker.shutdown()).closed).toHaveLength(1);
    expect(await tracker.shutdown()).toMatchObject({ closed: [], rounds: 0 });
  });

  test('called from inside a generator finds that one blocked and closes the others', async () => {
    const tracker = track();
    const { inside, other } = gens([], { inside: 'yield await args[0]();', other: 'yield 1;' });
    const kept = other!();
    await kept.next();
    const it = inside!(() => tracker.shutdown({ timeout: 5 }));
    const report = (await it.next()).value;
    expect([names(report.closed), names(report.blocked)]).toEqual([['other'], ['inside']]);
    await it.return(undefined);
    expect(tracker.live()).toEqual([]);
  });

  test('called while garbage is collected closes each generator once', async () => {
    const record: unknown[] = [];
    const tracker = track({ onAbandoned: () => {} });
    const items = make(record);
    for (let i = 0; i < 20; i++) await items(1).next();
    const [report] = await Promise.all([tracker.shutdown(), collectTimes(3)]);
    expect(record.filter((entry) => entry === 'finally')).toHaveLength(20);
    expect(report.failed).toEqual([]);
    expect(tracker.live()).toEqual([]);
  });

  test('a generator that calls return() on itself is closed', async () => {
    const tracker = track();
    const { self } = gens([], { self: 'args[0].closing = args[0].it.return("own"); yield 1;' });
    const box: { it?: Gen; closing?: Promise<unknown> } = {};
    box.it = self!(box);
    await box.it.next();
    await tracker.shutdown();
    expect(await box.closing).toEqual({ value: 'own', done: true });
  });

  test.each([
    [{ timeout: 0 }, 'shutdown(): timeout is 0. Pass a number above 0.'],
    [{ timeout: '5' }, 'timeout is "5"'],
    [{ concurrency: -1 }, 'concurrency is -1'],
  ])('%p is refused', async (options, message) => {
    const tracker = track();
    const gen = make()(1);
    await gen.next();
    await expect(tracker.shutdown(options as never)).rejects.toThrow(message);
    expect(tracker.live()).toHaveLength(1);
    await gen.return(undefined);
  });

  test('refused for its options leaves the tracker as it was', async () => {
    const tracker = track({ afterShutdown: 'refuse' });
    await expect(tracker.shutdown({ timeout: -1 })).rejects.toThrow('timeout is -1');
    const gen = make()(1);
    expect(await gen.next()).toEqual({ value: 1, done: false });
    const first = tracker.shutdown();
    await expect(tracker.shutdown({ timeout: -1 })).rejects.toThrow('timeout is -1');
    expect((await first).closed).toHaveLength(1);
    expect(await gen.next()).toEqual({ value: undefined, done: true });
  });
});

describe('after a shutdown', () => {
  test('a new generator is warned of', async () => {
    const tracker = track();
    await tracker.shutdown();
    const warnings = await warningsDuring(async () => {
      const items = make();
      await items(1).next();
      await items(1).next();
    });
    expect(warnings.map(({ code }) => code)).toEqual(['ERR_ASYNCGEN_SHUTDOWN']);
  });

  test.each(['next', 'throw', 'return'] as const)(
    'or refused: its first step, %s(), rejects, its body never runs, and later steps find it ended',
    async (name) => {
      const record: unknown[] = [];
      const tracker = track({ afterShutdown: 'refuse' });
      await tracker.shutdown();
      const gen = make(record)(1);
      await expect(gen[name](undefined)).rejects.toMatchObject({
        code: 'ERR_ASYNCGEN_SHUTDOWN',
        message: expect.stringContaining('items (src/input.js:1:30) took its first step after'),
      });
      expect(getAsyncGenState(gen)).toBe('closed');
      expect(await gen.next()).toEqual({ value: undefined, done: true });
      expect(await gen.return('end')).toEqual({ value: 'end', done: true });
      expect(record).toEqual([]);
      expect(tracker.live()).toEqual([]);
    },
  );

  test('or allowed', async () => {
    const tracker = track({ afterShutdown: 'allow' });
    await tracker.shutdown();
    const warnings = await warningsDuring(async () => void (await make()(1).next()));
    expect(warnings).toEqual([]);
  });
});

describe('with other hooks', () => {
  test('that throw, reject or set hooks, nothing is lost', async () => {
    const record: unknown[] = [];
    const tracker = track();
    const others = [
      addAsyncGenHooks({
        finalizer: () => {
          throw new Error('broken');
        },
      }),
      addAsyncGenHooks({ finalizer: () => Promise.reject(new Error('rejects')) }),
      addAsyncGenHooks({
        finalizer: () => void setAsyncGenHooks({ iter: () => 'later ones only' }),
      }),
    ];
    const items = make(record);
    const gen = items(1);
    await gen.next();
    const warnings = await warningsDuring(async () => {
      expect((await tracker.shutdown()).closed).toHaveLength(1);
      await null;
    });
    expect(record).toEqual(['body', 'finally']);
    expect(warnings.map(({ cause }) => cause.message)).toEqual(['broken', 'rejects']);
    for (const other of others) other.remove();
    setAsyncGenHooks({ iter: null });
  });

  test('await using shuts down and stops watching', async () => {
    const tracker = track();
    const gen = make()(1);
    await gen.next();
    await tracker[Symbol.asyncDispose]();
    expect(await gen.next()).toEqual({ value: undefined, done: true });
    const later = make()(1);
    await later.next();
    expect(tracker.live()).toEqual([]);
  });
});
