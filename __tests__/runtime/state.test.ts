import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  addAsyncGenHooks,
  getAsyncGenHandle,
  getAsyncGenState,
  setAsyncGenClock,
  setAsyncGenHooks,
  type AsyncGenHooks,
} from 'asyncgen-hooks';
import { compileHooked } from '../helpers/babel.js';
import { load, make, type Gen } from '../helpers/generators.js';
import { clearHooks } from '../helpers/hooks.js';
import { run } from '../helpers/run.js';

/** The sentences of docs/contract.md under "State", by their numbers. */

afterEach(() => {
  clearHooks();
  setAsyncGenClock(0);
});

/** A promise, and what settles it. */
function gate(): { opened: Promise<unknown>; open: (value?: unknown) => void } {
  let open!: (value?: unknown) => void;
  const opened = new Promise((resolve) => (open = resolve));
  return { opened, open };
}

const file = 'src/input.js';

/** `yield` stands on line 3, `yield*` on line 5. */
const lines = (): ((wait: unknown, inner?: unknown, last?: unknown) => Gen) =>
  load(`module.exports = async function* (wait, inner = [], last) {
  try {
    yield wait;
    await null;
    yield* inner;
  } finally {
    await last;
  }
}`);

const hooksOf: Record<string, Partial<AsyncGenHooks>> = {
  'a finalizer': { finalizer: () => {} },
  iter: { iter: (_, value) => value },
  resume: { resume: (_, step) => step() },
  firstiter: { firstiter: () => {} },
};

describe.each(Object.entries(hooksOf))('with %s in force', (_, hooks) => {
  beforeEach(() => void setAsyncGenHooks(hooks));

  test('27: created, running, suspended, closing, closed', async () => {
    const [first, last] = [gate(), gate()];
    const gen = lines()(first.opened, [], last.opened);
    expect(getAsyncGenState(gen)).toBe('created');
    const step = gen.next();
    expect(getAsyncGenState(gen)).toBe('running');
    first.open(1);
    await step;
    expect(getAsyncGenState(gen)).toBe('suspended');
    const end = gen.return('end');
    expect(getAsyncGenState(gen)).toBe('closing');
    for (let i = 0; i < 5; i++) await null;
    expect(getAsyncGenState(gen)).toBe('closing');
    last.open();
    await end;
    expect(getAsyncGenState(gen)).toBe('closed');
  });

  test('27: closing as soon as return() is asked for, behind a pending step', async () => {
    const first = gate();
    const gen = lines()(first.opened);
    const steps = [gen.next(), gen.next()];
    expect(getAsyncGenState(gen)).toBe('running');
    steps.push(gen.return('end'));
    expect(getAsyncGenState(gen)).toBe('closing');
    expect(getAsyncGenHandle(gen)!.isClosing).toBe(true);
    first.open(1);
    await Promise.all(steps);
    expect(getAsyncGenState(gen)).toBe('closed');
    expect(getAsyncGenHandle(gen)!.isClosing).toBe(false);
  });

  test('27: suspended at a yield of finally, running behind it', async () => {
    const gen = load(
      'module.exports = async function* () { try { yield 1 } finally { yield 2; await null } }',
    )();
    await gen.next();
    await gen.return(3);
    expect(getAsyncGenState(gen)).toBe('suspended');
    const end = gen.next();
    expect(getAsyncGenState(gen)).toBe('closing');
    await end;
    expect(getAsyncGenState(gen)).toBe('closed');
  });

  test.each([
    ['return() before the start', 'return'],
    ['throw() before the start', 'throw'],
  ] as const)('27: closed by %s', async (_name, name) => {
    const gen = make()(1);
    await gen[name]('end').catch(() => {});
    expect(getAsyncGenState(gen)).toBe('closed');
  });

  test('27: closed by an error, and by its end', async () => {
    const fails = load('module.exports = async function* () { throw 1 }')();
    await fails.next().catch(() => {});
    const ends = load('module.exports = async function* () {}')();
    await ends.next();
    expect([fails, ends].map(getAsyncGenState)).toEqual(['closed', 'closed']);
  });

  test.each([
    ['an array', '[1, 2]'],
    ['an array of promises', '[Promise.resolve(1), 2]'],
    ['a generator of ours', 'inner()'],
    ['one of ours that has begun', 'begun'],
    ['two of ours in each other', 'outer()'],
    ['a foreign generator', 'foreign()'],
  ])('28: counts the items of yield* over %s, and is parked at it', async (_name, iterable) => {
    const source = `
      const foreign = new Function('return async function* () { yield 1; yield 2 }')();
      async function* inner() { yield 1; yield 2 }
      async function* outer() { yield* inner() }
      const begun = (async function* () { yield 0; yield 1; yield 2 })();
      module.exports = async function* () { await begun.next(); yield 0;
        yield* ${iterable};
        yield 3 }`;
    const gen = load(source)();
    const parked: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      await gen.next();
      expect(getAsyncGenState(gen)).toBe('suspended');
      expect(getAsyncGenHandle(gen)!.items).toBe(i + 1);
      parked.push(getAsyncGenHandle(gen)!.parked!.line);
    }
    expect(parked).toEqual([6, 7, 7, 8]);
    expect((await gen.next()).done).toBe(true);
    expect(getAsyncGenHandle(gen)).toMatchObject({ items: 4, state: 'closed' });
  });

  test.each([
    ['an array', '[1, 2]'],
    ['a generator of ours', 'inner()'],
    ['a foreign generator', 'foreign()'],
    ['an async iterator whose steps are no promises', 'bare()'],
    ['an async iterator whose steps are thenables', 'thenables()'],
  ])('28: the end of what yield* reads from is no item: %s', async (_name, iterable) => {
    const { opened, open } = gate();
    const it: Gen = load(`
      const foreign = new Function('return async function* () { yield 1; yield 2 }')();
      async function* inner() { yield 1; yield 2 }
      const bare = () => ({ [Symbol.asyncIterator]: () => [1, 2].values() });
      const thenable = (result) => ({ then: (resolve) => resolve(result) });
      const thenables = () => {
        const values = [1, 2].values();
        return { [Symbol.asyncIterator]: () => ({ next: () => thenable(values.next()) }) };
      };
      module.exports = async function* (gate) { yield* ${iterable}; await gate; yield 3; yield 4 }`)(
      opened,
    );
    const steps = Array.from({ length: 6 }, () => it.next());
    await steps[1];
    // The body has to be behind the end of what it read from.
    for (let i = 0; i < 20; i++) await null;
    const handle = getAsyncGenHandle(it)!;
    expect([handle.items, handle.state]).toEqual([2, 'running']);
    open();
    expect((await Promise.all(steps)).map(({ value }) => value)).toEqual([
      ...[1, 2, 3, 4],
      ...[undefined, undefined],
    ]);
    expect([handle.items, handle.state]).toEqual([4, 'closed']);
  });

  test.each([
    ['no iter hook', {}],
    ['one', { iter: (_gen: unknown, value: unknown) => value }],
  ])('28: what yield* over an array cannot wait for is no item, with %s', async (_name, hooks) => {
    using added = addAsyncGenHooks({ firstiter() {}, ...hooks });
    void added;
    const gen = load('module.exports = async function* () { yield* [1, Promise.reject(2), 3] }')();
    const steps = [gen.next(), gen.next()];
    expect((await steps[0])!.value).toBe(1);
    await expect(steps[1]).rejects.toBe(2);
    expect(getAsyncGenHandle(gen)).toMatchObject({ items: 1, state: 'closed' });
  });

  test('28: parked is the yield that it waits at, and nothing while it does not', async () => {
    const first = gate();
    const gen = lines()(first.opened, [2]);
    const step = gen.next();
    const handle = getAsyncGenHandle(gen)!;
    expect(handle.parked).toBe(undefined);
    first.open(1);
    await step;
    expect(handle.parked).toEqual({ file, line: 3 });
    await gen.next();
    expect(handle.parked).toEqual({ file, line: 5 });
    const end = gen.return(undefined);
    expect(handle.parked).toBe(undefined);
    await end;
    expect(handle.parked).toBe(undefined);
  });

  test('28: a yield that fails gives no item; the one behind it is where it is parked', async () => {
    const gen = load(`module.exports = async function* () {
  try { yield Promise.reject(1) }
  catch { yield 2 } }`)();
    await gen.next();
    expect(getAsyncGenHandle(gen)).toMatchObject({ items: 1, parked: { file, line: 3 } });
  });

  test('28: no more items than steps, whoever stepped what a yield* reads from', async () => {
    const { inner, outer } = load(`
      const inner = (async function* () { yield 1; yield 2; })();
      module.exports = { inner, outer: async function* () { yield* inner; yield 3; yield await new Promise(() => {}); } };
    `);
    const gen = outer();
    await gen.next();
    await inner.next();
    expect(await gen.next()).toEqual({ value: 3, done: false });
    expect(getAsyncGenHandle(gen)).toMatchObject({ items: 2, state: 'suspended' });
    void gen.next();
    expect(getAsyncGenHandle(gen)).toMatchObject({ items: 2, state: 'running' });
  });

  test('28: items asked for at once are counted as they are given', async () => {
    const first = gate();
    const gen = lines()(first.opened, [2, 3]);
    const steps = [gen.next(), gen.next(), gen.next()];
    const handle = getAsyncGenHandle(gen)!;
    expect(handle.items).toBe(0);
    first.open(1);
    for (const [at, step] of steps.entries()) {
      await step;
      expect(handle.items).toBeGreaterThan(at);
    }
    expect([handle.items, handle.state]).toEqual([3, 'suspended']);
  });
});

test('27: what is not ours, or began while nobody watched, has no state', async () => {
  const quiet = make()(1);
  await quiet.next();
  setAsyncGenHooks({ finalizer: () => {} });
  await quiet.next();
  for (const other of [quiet, (async function* () {})(), {}, null, undefined, 5])
    expect(getAsyncGenState(other)).toBe(undefined);
});

test('27: created is known of one that was called while nobody watched', () => {
  expect(getAsyncGenState(make()(1))).toBe('created');
});

test('28: compiled without locations it is parked nowhere', async () => {
  setAsyncGenHooks({ finalizer: () => {} });
  const gen = run(
    compileHooked('module.exports = async function* named() { yield 1 }', {
      sourceType: 'script',
      plugins: [],
    }).replace(/"src\/input.js:1:17 named"/, '"named"'),
  )();
  await gen.next();
  expect(getAsyncGenHandle(gen)).toMatchObject({ site: { name: 'named' }, parked: undefined });
});

test('steps have the time that the clock was set to when they had their turn', async () => {
  setAsyncGenHooks({ finalizer: () => {} });
  const first = gate();
  const gen = lines()(first.opened, [2]);
  setAsyncGenClock(5);
  setAsyncGenClock(10);
  const step = gen.next();
  const handle = getAsyncGenHandle(gen)!;
  setAsyncGenClock(20);
  const other = gen.next();
  expect([handle.steppedAt, handle.pendingSince]).toEqual([10, 10]);
  setAsyncGenClock(30);
  first.open(1);
  await step;
  // The second step has been waiting for the body since the first one settled.
  expect([handle.steppedAt, handle.pendingSince]).toEqual([30, 30]);
  await other;
  expect([handle.steppedAt, handle.pendingSince]).toEqual([30, undefined]);
});
