import { afterEach, describe, expect, test } from '@jest/globals';
import { addAsyncGenHooks } from 'asyncgen-hooks';
import { trackAsyncGens, type AsyncGenTracker, type TrackOptions } from 'asyncgen-hooks/lifecycle';
import { collectTimes, collectUntil } from '../helpers/gc.js';
import { collect, load, make, type Gen } from '../helpers/generators.js';
import { warningsDuring } from '../helpers/warnings.js';

let time = 1000;
const open: AsyncGenTracker[] = [];

function track(options: TrackOptions = {}): AsyncGenTracker {
  const tracker = trackAsyncGens({ now: () => time, ...options });
  open.push(tracker);
  return tracker;
}

afterEach(() => {
  for (const tracker of open.splice(0)) tracker[Symbol.dispose]();
  time = 1000;
});

describe('live', () => {
  test('tells generators of one place in the source apart by their site', async () => {
    const tracker = track();
    const items = make();
    const kept = [items(1), items(1)];
    for (const gen of kept) await gen.next();
    const [a, b] = tracker.live().map(({ site }) => site);
    expect(a).toEqual(b);
    expect(a).not.toBe(b);
    expect(tracker.live().map(({ site }) => site === a)).toEqual([true, false]);
    const { closed } = await tracker.shutdown();
    expect(closed.map(({ site }) => site === b)).toEqual([false, true]);
    expect(kept).toHaveLength(2);
  });

  test('lists what began and has not finished, as it is now', async () => {
    const tracker = track();
    let give!: (item: unknown) => void;
    const slow: () => Gen = load(
      'module.exports = (wait) => async function* slow() { yield await wait(); }',
    )(() => new Promise((resolve) => (give = resolve)));
    const [first, second] = [make()(1, 2), slow()];
    await first.next();
    time = 1500;
    tracker.live();
    const step = second.next();
    time = 1600;
    const site = { name: 'items', file: 'src/input.js', line: 1, column: 29 };
    expect(tracker.live()).toEqual([
      {
        site,
        state: 'suspended',
        parked: { file: 'src/input.js', line: 4 },
        begunAt: 1000,
        items: 1,
        lastStepAt: 1000,
        waiting: 0,
      },
      {
        site: { ...site, name: 'slow', column: 27 },
        state: 'running',
        begunAt: 1500,
        items: 0,
        lastStepAt: 1500,
        waiting: 100,
      },
    ]);
    const closing = second.return('end');
    time = 1700;
    // The `return()` waits for the step before it, which has been at work for 200 ms.
    expect(tracker.live()[1]).toMatchObject({ state: 'closing', lastStepAt: 1500, waiting: 200 });
    give('item');
    await step;
    expect(tracker.live()[1]).toMatchObject({ items: 1 });
    await closing;
    await collect(first);
    expect(tracker.live()).toEqual([]);
    expect(JSON.parse(JSON.stringify(tracker.live()))).toEqual([]);
  });

  test('knows those called and never iterated, if asked to', async () => {
    const tracker = track({ created: true });
    const gen = make()(1);
    time = 1200;
    expect(tracker.live()).toEqual([]);
    expect(tracker.live({ created: true })).toMatchObject([
      { state: 'created', begunAt: 1000, items: 0 },
    ]);
    await gen.next();
    expect(tracker.live({ created: true })).toMatchObject([{ state: 'suspended' }]);
    make()(1);
    await collectUntil(() => tracker.live({ created: true }).length === 1);
    await gen.return(undefined);
  });

  test('tells the yield that each is parked at, and nothing of one that is not parked', async () => {
    const tracker = track();
    const gen: Gen = load(`module.exports = async function* () {
  yield 1;
  yield* [2];
  await new Promise(() => {});
}`)();
    const parked: unknown[] = [];
    for (let i = 0; i < 2; i++) {
      await gen.next();
      parked.push(tracker.live()[0]!.parked);
    }
    void gen.next();
    await null;
    expect(parked).toEqual([2, 3].map((line) => ({ file: 'src/input.js', line })));
    expect(tracker.live()[0]).toMatchObject({ state: 'running', items: 2 });
    expect('parked' in tracker.live()[0]!).toBe(false);
  });

  test('reads its clock for live(), and not for each generator or step', async () => {
    let reads = 0;
    const tracker = track({ now: () => (reads++, time) });
    const items = make();
    const first = items(1);
    await first.next();
    const before = reads;
    const open = Array.from({ length: 100 }, () => items(1, 2, 3));
    for (const gen of open) for (let i = 0; i < 3; i++) void gen.next();
    // All of it is one turn of the event loop: no timer has fired.
    expect([before, reads]).toEqual([1, 1]);
    time = 2000;
    expect(tracker.live().map(({ begunAt }) => begunAt)).toEqual(Array(101).fill(1000));
    const later = items(1);
    await later.next();
    expect(tracker.live().at(-1)).toMatchObject({ begunAt: 2000, lastStepAt: 2000 });
    await Promise.all([first, later, ...open].map((gen) => gen.return(undefined)));
  });

  test('tells where a generator was first iterated, if asked to', async () => {
    const tracker = track({ stacks: true });
    const gen = make()(1);
    await gen.next();
    const { stack } = tracker.live()[0]!;
    expect(stack!.split('\n')[0]).toContain('tracker.test.ts');
  });

  test('that is four frames, fewer if the program wants fewer, whose limit stays', async () => {
    const tracker = track({ stacks: true });
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 20;
    const deep = (depth: number, gen: Gen): unknown =>
      depth === 0 ? gen.next() : deep(depth - 1, gen);
    const kept = [make()(1), make()(1)];
    await deep(8, kept[0]!);
    try {
      expect(Error.stackTraceLimit).toBe(20);
      Error.stackTraceLimit = 2;
      await deep(8, kept[1]!);
      expect(Error.stackTraceLimit).toBe(2);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
    expect(tracker.live().map(({ stack }) => stack!.split('\n').length)).toEqual([4, 2]);
  });

  test('frames that lead to the generator do not keep it', async () => {
    const told: (string | undefined)[] = [];
    track({ stacks: true, onAbandoned: ({ stack }) => void told.push(stack) });
    class Reader {
      gen = make()(1);
      async first() {
        await this.gen.next();
      }
    }
    await new Reader().first();
    await collectUntil(() => told.length > 0);
    expect(told[0]!.split('\n')[0]).toMatch(/^ {4}at Reader\..*tracker\.test\.ts/);
  });

  test('a stack is read when somebody asks, and of 512 at most it is still to be read', async () => {
    const tracker = track({ stacks: true });
    const { prepareStackTrace } = Error;
    let read = 0;
    Error.prepareStackTrace = (_, frames) => `Error\n    ${++read} of ${frames.length}`;
    try {
      const open = Array.from({ length: 600 }, () => make()(1));
      for (const gen of open) await gen.next();
      expect(read).toBe(88);
      await Promise.all(open.slice(1).map((gen) => gen.return(undefined)));
      await collectTimes();
      expect(read).toBe(88);
      expect(tracker.live().map(({ stack }) => stack)).toEqual(['    1 of 4']);
      await open[0]!.return(undefined);
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
  });

  test.each([
    [
      'fails',
      () => {
        throw new Error('no stack');
      },
      undefined,
    ],
    ['makes no text of it', () => ({}), undefined],
  ])('where the program %s, there is none', async (_, prepare, expected) => {
    const tracker = track({ stacks: true });
    const { prepareStackTrace } = Error;
    Error.prepareStackTrace = prepare;
    try {
      await make()(1).next();
      expect(tracker.live()[0]!.stack).toBe(expected);
    } finally {
      Error.prepareStackTrace = prepareStackTrace;
    }
  });

  test('does not list what began before the tracker', async () => {
    const gen = make()(1);
    await gen.next();
    const tracker = track();
    await gen.next();
    expect(tracker.live()).toEqual([]);
  });
});

describe('an abandoned generator', () => {
  const dropTwo = async (record: unknown[]): Promise<void> => {
    const items = make(record);
    await items(1, 2).next();
    await items(3, 4).next();
  };

  test('is closed and warned of, once for each place in the source', async () => {
    const tracker = track();
    const record: unknown[] = [];
    const warnings = await warningsDuring(async () => {
      await dropTwo(record);
      await collectUntil(() => record.filter((entry) => entry === 'finally').length === 2);
    });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]!.code).toBe('ERR_ASYNCGEN_ABANDONED');
    expect(warnings[0]!.message).toBe(
      'asyncgen-hooks/lifecycle: the program dropped items (src/input.js:1:30) before it finished, ' +
        'after 1 item; it is closed now. Iterate it with "for await", or hold it with "await using", ' +
        'and it is closed in time.',
    );
    expect(tracker.live()).toEqual([]);
  });

  test('goes to onAbandoned instead, and is closed even if that throws', async () => {
    const seen: unknown[] = [];
    track({
      onAbandoned: (live) => {
        seen.push([live.site.name, live.items]);
        throw new Error('broken');
      },
    });
    const record: unknown[] = [];
    const warnings = await warningsDuring(async () => {
      await dropTwo(record);
      await collectUntil(() => record.filter((entry) => entry === 'finally').length === 2);
      await null;
    });
    expect(seen).toEqual([
      ['items', 1],
      ['items', 1],
    ]);
    expect(warnings.map(({ code, message, cause }) => [code, message, cause.message])).toEqual([
      [
        'ERR_ASYNCGEN_HOOK',
        'asyncgen-hooks/lifecycle: onAbandoned failed with "broken" for items (src/input.js:1:30), which ' +
          'is closed all the same. Handle the error inside onAbandoned.',
        'broken',
      ],
    ]);
  });

  test('that throws in finally is told of', async () => {
    const tracker = track({ onAbandoned: () => {} });
    const gen = load(`module.exports = async function* broken() {
      try { yield 1; } finally { throw new Error('cannot close'); }
    }`);
    const warnings = await warningsDuring(async () => {
      await gen().next();
      await collectUntil(() => tracker.live().length === 0);
    });
    expect(warnings.map(({ code, cause }) => [code, cause.message])).toEqual([
      ['ERR_ASYNCGEN_ABANDONED', 'cannot close'],
    ]);
  });

  test('that throws in finally is told of once for each place, whatever it says', async () => {
    let failures = 0;
    const tracker = track({ onAbandoned: () => {} });
    const gen = load(`module.exports = async function* broken(nth) {
      try { yield 1; } finally { throw new Error('cannot release ' + nth()); }
    }`);
    const warnings = await warningsDuring(async () => {
      for (let i = 0; i < 20; i++) await gen(() => ++failures).next();
      await collectUntil(() => failures === 20 && tracker.live().length === 0);
    });
    expect(warnings.map(({ code, cause }) => [code, cause.message])).toEqual([
      ['ERR_ASYNCGEN_ABANDONED', 'cannot release 1'],
    ]);
  });

  test('that yields in finally is closed to the end', async () => {
    const record: unknown[] = [];
    const tracker = track({ onAbandoned: () => {} });
    await load(`module.exports = async function* (record) {
      try { yield 1; } finally { yield 'again'; yield 'again'; record.push('end'); }
    }`)(record).next();
    await collectUntil(() => tracker.live().length === 0);
    expect(record).toEqual(['end']);
  });
});

describe('several trackers', () => {
  test('stand side by side; one that is disposed of takes nothing from the other', async () => {
    const [a, b] = [track(), track()];
    const gen = make()(1);
    await gen.next();
    expect([a.live().length, b.live().length]).toEqual([1, 1]);
    a[Symbol.dispose]();
    expect([a.live().length, b.live().length]).toEqual([0, 1]);
    await gen.return(undefined);
    expect(b.live()).toEqual([]);
  });

  test('close an abandoned generator once', async () => {
    const seen: string[] = [];
    track({ onAbandoned: () => void seen.push('a') });
    track({ onAbandoned: () => void seen.push('b') });
    const record: unknown[] = [];
    await make(record)(1).next();
    await collectUntil(() => record.includes('finally'));
    await collectTimes(2);
    expect([seen, record]).toEqual([
      ['a', 'b'],
      ['body', 'finally'],
    ]);
  });
});

test('disposed of while it shuts down, it closes all, and then keeps nothing', async () => {
  const tracker = track({ created: true });
  const kept = [make()(1), make()(1), make()(1)];
  for (const gen of kept.slice(1)) await gen.next();
  const shutdown = tracker.shutdown();
  tracker[Symbol.dispose]();
  expect((await shutdown).closed).toHaveLength(2);
  expect(await kept[1]!.next()).toEqual({ value: undefined, done: true });
  expect(tracker.live({ created: true })).toEqual([]);
});

test('a step that another hook refuses does not count as the oldest one', async () => {
  let now = 0;
  const tracker = track({ now: () => now });
  const refusing = addAsyncGenHooks({
    resume(_gen, step) {
      if (now > 0) throw new Error('refused');
      return step();
    },
  });
  const gen = load(`module.exports = async function* () { await new Promise(() => {}); }`)();
  void gen.next();
  now = 900;
  await expect(gen.next()).rejects.toThrow('refused');
  now = 1900;
  expect(tracker.live()).toMatchObject([{ waiting: 1900 }]);
  refusing.remove();
});

test.each([
  [{ stack: true }, 'Did you mean "stacks"?'],
  [{ created: 1 }, 'option "created" is 1. Pass true or false.'],
  [{ onAbandoned: null }, 'option "onAbandoned" is null. Pass a function.'],
  [{ afterShutdown: 'no' }, 'option "afterShutdown" is "no". Pass "warn", "refuse" or "allow".'],
])('options %p are refused', (options, message) => {
  expect(() => trackAsyncGens(options as never)).toThrow(message);
});
