import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { addAsyncGenHooks, getAsyncGenHandle, setAsyncGenHooks } from 'asyncgen-hooks';
import { trackAsyncGens, type AsyncGenTracker, type TrackOptions } from 'asyncgen-hooks/lifecycle';
import { collectUntil } from '../helpers/gc.js';
import { load, make, type Gen } from '../helpers/generators.js';
import { clearHooks } from '../helpers/hooks.js';
import { warningsDuring } from '../helpers/warnings.js';

const open: AsyncGenTracker[] = [];

function track(options: TrackOptions = {}): AsyncGenTracker {
  const tracker = trackAsyncGens(options);
  open.push(tracker);
  return tracker;
}

afterEach(() => {
  for (const tracker of open.splice(0)) tracker[Symbol.dispose]();
  jest.useRealTimers();
  jest.restoreAllMocks();
  clearHooks();
});

const names = (list: readonly { site: { name: string } }[]): string[] =>
  list.map(({ site }) => site.name);

/** A generator function `name` with this body; its arguments are `args`. */
const gen = (name: string, body: string): ((...args: any[]) => Gen) =>
  load(`module.exports = async function* ${name}(...args) { ${body} }`);

const fine = gen('fine', 'yield 1;');
const hangs = gen('hangs', 'try { yield 1; } finally { await new Promise(() => {}); }');
const stuck = gen('stuck', 'await new Promise(() => {}); yield 1;');

async function begin<T extends Gen>(...gens: T[]): Promise<T[]> {
  for (const each of gens) await each.next();
  return gens;
}

describe('a shutdown ends in time', () => {
  test('when several hang, one behind the other, and still closes the last', async () => {
    const tracker = track();
    const kept = await begin(hangs(), hangs(), hangs(), fine());
    // None may use up its own limit: it is the whole that counts.
    const report = await tracker.shutdown({ timeout: 60_000, totalTimeout: 500 });
    expect(names(report.blocked)).toEqual(['hangs', 'hangs', 'hangs']);
    expect(names(report.closed)).toEqual(['fine']);
    expect(kept).toHaveLength(4);
  });

  test('when many wait for what never comes: they are asked at once, and the healthy one with them', async () => {
    const tracker = track();
    let free!: () => void;
    const freed = new Promise<void>((resolve) => (free = resolve));
    const waits = gen('waits', 'await args[0]; yield 1;');
    const waiting = [waits(freed), waits(freed), waits(freed)];
    for (const each of waiting) void each.next();
    const healthy = gen('healthy', 'try { yield 1; } finally { args[0](); }');
    const kept = await begin(healthy(free));
    // They get free only when the healthy one has closed, and that stands behind them.
    const report = await tracker.shutdown({ timeout: 60_000 });
    expect(names(report.closed).sort()).toEqual(['healthy', 'waits', 'waits', 'waits']);
    expect(kept).toHaveLength(1);
  });

  test('when the closing of one begins the next, for ever', async () => {
    const tracker = track();
    const record: Gen[] = [];
    const again: (...args: any[]) => Gen = gen(
      'again',
      'try { yield 1; } finally { const next = args[0](args[0], args[1]); args[1].push(next); await next.next(); }',
    );
    record.push(again(again, record));
    await record[0]!.next();
    let turns = 0;
    let goesOn = true;
    const count = (): void => {
      turns++;
      if (goesOn) setImmediate(count);
    };
    setImmediate(count);
    const report = await tracker.shutdown({ totalTimeout: 500 });
    goesOn = false;
    expect(report.closed.length).toBeGreaterThan(0);
    expect(names(report.blocked)).toEqual(['again']);
    // Its closings need microtasks only, which alone would let no signal through.
    expect(turns).toBeGreaterThan(1);
  });

  test('and what begins when the time is over stays as it is', async () => {
    const tracker = track({ afterShutdown: 'allow' });
    const late = make()(1, 2);
    const slow = gen('slow', 'try { yield 1; } finally { await args[0](); }');
    const kept = await begin(
      // A finally block that blocks the event loop until all the time is gone.
      slow(async () => {
        for (const end = performance.now() + 40; performance.now() < end;);
        await late.next();
      }),
    );
    const report = await tracker.shutdown({ totalTimeout: 20 });
    expect(report.blocked.at(-1)).toMatchObject({ site: { name: 'items' } });
    expect(await late.next()).toEqual({ value: 2, done: false });
    expect(kept).toHaveLength(1);
  });

  test('within its limits alone, if the timers and the clock are mocked', async () => {
    const tracker = track();
    const kept = await begin(hangs(), fine());
    jest.useFakeTimers();
    jest.spyOn(process, 'uptime').mockReturnValue(0);
    const report = await tracker.shutdown({ timeout: 200 });
    expect([names(report.blocked), names(report.closed)]).toEqual([['hangs'], ['fine']]);
    // "still closing after 0 ms" would be no help.
    expect(report.blocked[0]!.waiting).toBeGreaterThanOrEqual(199);
    expect(report.duration).toBeGreaterThanOrEqual(199);
    expect(kept).toHaveLength(2);
  });

  test.each([
    ['stands still', () => 5],
    [
      'goes back',
      (
        (time) => () =>
          (time -= 1000)
      )(1e12),
    ],
  ])('and tells how long, if the clock given %s', async (_, now) => {
    const tracker = track({ now });
    const kept = [...(await begin(hangs())), stuck()];
    void kept[1]!.next();
    expect(tracker.live().map(({ waiting }) => waiting)).toEqual([0, 0]);
    const report = await tracker.shutdown({ timeout: 20 });
    expect(names(report.blocked).sort()).toEqual(['hangs', 'stuck']);
    for (const { waiting } of report.blocked) expect(waiting).toBeGreaterThanOrEqual(19);
    expect(report.duration).toBeGreaterThanOrEqual(19);
  });

  test('and tells how long one has been closing, not only for how long its newest step waits', async () => {
    const tracker = track();
    const yields = gen(
      'yields',
      'try { yield 1; } finally { await args[0](); yield 2; await new Promise(() => {}); }',
    );
    const kept = await begin(yields(() => new Promise((resolve) => setTimeout(resolve, 30))));
    const { blocked } = await tracker.shutdown({ timeout: 60 });
    expect(names(blocked)).toEqual(['yields']);
    expect(blocked[0]!.waiting).toBeGreaterThanOrEqual(59);
    expect(kept).toHaveLength(1);
  });
});

describe('a shutdown of many', () => {
  test('lets the event loop turn every so often', async () => {
    const tracker = track();
    let closed = 0;
    const counted = gen('counted', 'try { yield 1; } finally { args[0](); }');
    const kept = await begin(...Array.from({ length: 1000 }, () => counted(() => closed++)));
    const atTurn: number[] = [];
    const look = (): void => {
      atTurn.push(closed);
      if (closed < 1000) setImmediate(look);
    };
    setImmediate(look);
    await tracker.shutdown();
    atTurn.push(closed);
    expect(closed).toBe(1000);
    const steps = atTurn.map((count, i) => count - (atTurn[i - 1] ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(64);
    expect(kept).toHaveLength(1000);
  });

  test('moves none of those that wait for their turn', async () => {
    const tracker = track();
    const kept = await begin(...Array.from({ length: 200 }, () => fine()));
    const lengths = await lengthsShifted(() => tracker.shutdown());
    expect(lengths.filter((length) => length > 10)).toEqual([]);
    expect(kept).toHaveLength(200);
  });

  test('steps of one generator that settle move none of those that are pending', async () => {
    const tracker = track();
    const counts = gen('counts', 'for (let i = 0; ; i++) yield i;')();
    const lengths = await lengthsShifted(async () => {
      const steps = Array.from({ length: 3000 }, () => counts.next());
      expect((await steps[999])!.value).toBe(999);
      expect((await steps.at(-1))!.value).toBe(2999);
    });
    expect(lengths.filter((length) => length > 10)).toEqual([]);
    expect(tracker.live()).toMatchObject([{ items: 3000, waiting: 0, state: 'suspended' }]);
  });
});

/** The lengths of the arrays whose first item is taken out: that moves all the others. */
async function lengthsShifted(work: () => Promise<unknown>): Promise<number[]> {
  const { shift } = Array.prototype;
  const lengths: number[] = [];
  Array.prototype.shift = function () {
    lengths[lengths.length] = this.length;
    return shift.call(this);
  };
  try {
    await work();
  } finally {
    Array.prototype.shift = shift;
  }
  return lengths;
}

describe('one that ends by itself', () => {
  test('before its turn is closed, though the time is over by then', async () => {
    const tracker = track();
    const first = gen(
      'first',
      `try { yield 1; } finally {
         await args[0].return();
         for (const end = performance.now() + 60; performance.now() < end;);
       }`,
    );
    const other = fine();
    const kept = await begin(first(other), other);
    const report = await tracker.shutdown({ timeout: 40, totalTimeout: 40 });
    expect([names(report.closed), report.blocked]).toEqual([['first', 'fine'], []]);
    // A list of what is open knows no other word for one that has just ended.
    expect(report.closed[1]!.state).toBe('closing');
    expect(kept).toHaveLength(2);
  });

  test('is not closed where a hook only says so', async () => {
    using _ = addAsyncGenHooks({
      resume: (_gen, step) => step().then((result) => ({ ...result, done: true })),
    });
    const tracker = track();
    const kept = [gen('goes_on', 'try { yield 1; } finally { yield 2; }')()];
    await begin(...kept);
    const report = await tracker.shutdown({ timeout: 1000 });
    expect([names(report.closed), names(report.blocked)]).toEqual([[], ['goes_on']]);
  });

  test('is not waited for when it has a step at work as its turn comes', async () => {
    const tracker = track();
    let free!: () => void;
    const freed = new Promise<void>((resolve) => (free = resolve));
    const waits = gen('waits', 'yield 1; await args[0]; yield 2;')(freed);
    const first = gen('first', 'try { yield 1; } finally { void args[0].next(); }')(waits);
    const last = gen('last', 'try { yield 1; } finally { args[0](); }')(free);
    await begin(first, waits, last);
    // Only the last one frees the one before it, and nobody's limit does.
    const report = await tracker.shutdown({ timeout: Infinity, totalTimeout: Infinity });
    expect(names(report.closed).sort()).toEqual(['first', 'last', 'waits']);
  });
});

test('a closing that is at work is waited for, and what it fails with is told', async () => {
  const tracker = track({ onAbandoned: () => {} });
  let free!: () => void;
  const freed = new Promise<void>((resolve) => (free = resolve));
  let isClosing = false;
  const fails = gen(
    'fails',
    `try { yield 1; } finally { args[0](); await args[1]; throw new Error('in finally'); }`,
  );
  await fails(() => (isClosing = true), freed).next();
  await collectUntil(() => isClosing);
  const warnings = await warningsDuring(async () => {
    const report = tracker.shutdown();
    // Some turns of the event loop are the shutdown's own.
    for (let i = 0; i < 10; i++) await new Promise(setImmediate);
    free();
    expect((await report).failed).toMatchObject([{ error: { message: 'in finally' } }]);
  });
  expect(warnings.map(({ code }) => code)).toEqual(['ERR_ASYNCGEN_ABANDONED']);
});

test('what had begun before it was owned had its last step when it was, at the earliest', async () => {
  setAsyncGenHooks({ finalizer() {} });
  const kept = fine();
  await begin(kept);
  // Later than any time that another tracker has told.
  const tracker = track({ now: () => 1e15 });
  const scope = tracker.scope();
  scope.own(kept);
  expect(scope.live()).toMatchObject([{ begunAt: 1e15, lastStepAt: 1e15 }]);
  await scope.close();
});

describe('a second shutdown', () => {
  test('closes what did not close in the first, and what came since', async () => {
    const tracker = track({ afterShutdown: 'allow' });
    let free!: () => void;
    const slow = gen('slow', 'try { yield 1; } finally { await args[0]; }');
    const kept = await begin(slow(new Promise<void>((resolve) => (free = resolve))));
    expect(names((await tracker.shutdown({ timeout: 5 })).blocked)).toEqual(['slow']);
    kept.push(...(await begin(fine())));
    const second = tracker.shutdown({ timeout: 60_000 });
    free();
    expect(names((await second).closed).sort()).toEqual(['fine', 'slow']);
    expect(tracker.live()).toEqual([]);
    expect(kept).toHaveLength(2);
  });

  test('asks again for one that failed and lives on', async () => {
    const tracker = track();
    const stubborn = gen('stubborn', 'for (;;) try { yield 1; } finally { continue; }');
    const kept = await begin(stubborn());
    for (let i = 0; i < 2; i++)
      expect(names((await tracker.shutdown()).failed)).toEqual(['stubborn']);
    expect(kept).toHaveLength(1);
  });
});

describe('methods that the program has replaced', () => {
  const record: string[] = [];
  const subscribe = (): Gen =>
    gen('subscription', "try { yield 1; } finally { args[0].push('released'); }")(record);
  afterEach(() => void record.splice(0));

  test.each<[string, (it: Gen) => object]>([
    ['on a generator', (it) => it],
    ['on the prototype of its function', (it) => Object.getPrototypeOf(it)],
  ])('%s do not keep a shutdown from closing the body', async (_, home) => {
    const tracker = track();
    const it = subscribe();
    // As graphql-ws and graphql-sse do.
    const answer = async (): Promise<unknown> => ({ done: true, value: undefined });
    await it.next();
    Object.assign(home(it), { return: answer, next: answer });
    const report = await tracker.shutdown();
    expect([names(report.closed), record]).toEqual([['subscription'], ['released']]);
    expect(tracker.live()).toEqual([]);
  });

  test('are not called by a handle', async () => {
    const tracker = track();
    const it = subscribe();
    await it.next();
    it.return = () => Promise.reject(new Error('replaced'));
    expect(await getAsyncGenHandle(it)!.step('return', 'given')).toEqual({
      value: 'given',
      done: true,
    });
    expect([record, tracker.live()]).toEqual([['released'], []]);
  });
});
