import { expect, test } from '@jest/globals';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';
import { collectUntil } from '../helpers/gc.js';
import { warningsDuring } from '../helpers/warnings.js';
import { fine, gen, rows, track } from './support/track.js';

/** Waits for a fact that timers of the tracker bring about; no time is part of the test. */
async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('a pool gets back the connection of a dropped query, though nobody collects garbage', async () => {
  track({ collectAfter: 20, onAbandoned: () => {} });
  let free = 1;
  const waiting: (() => void)[] = [];
  const pool = {
    async acquire(): Promise<void> {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    release(): void {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    },
  };
  const query = gen(
    'query',
    'await args[0].acquire(); try { yield args[1]; yield args[1]; } finally { args[0].release(); }',
  );
  const first = async (sql: string): Promise<unknown> => (await query(pool, sql).next()).value;
  expect(await first('select 1')).toBe('select 1');
  expect(await first('select 2')).toBe('select 2');
});

test('without the option a look at what is suspended collects nothing: the dropped one is found when the test collects', async () => {
  const seen: string[] = [];
  track({ warnAfter: 20, onAbandoned: ({ site }) => void seen.push(`${site.name} dropped`) });
  const closed = (): void => void seen.push('closed');
  const query = gen('query', 'try { yield 1; } finally { args[0](); }');
  const kept = fine();
  await warningsDuring(async () => {
    const told = warningCount();
    await (() => query(closed).next())();
    await until(() => told() === 1);
    // What the look at the first has asked for is over when the second is told of.
    await kept.next();
    await until(() => told() === 2);
    expect(seen).toEqual([]);
  });
  await collectUntil(() => seen.length === 2);
  expect(seen.sort()).toEqual(['closed', 'query dropped']);
  await kept.return(undefined);
});

test('a warning tells what has been suspended for long, where, once for each place', async () => {
  let now = 1000;
  const tracker = track({ warnAfter: 10, now: () => now });
  const kept = [fine(), fine()];
  const running = gen('running', 'await args[0]; yield 1')(new Promise(() => {}));
  for (const each of kept) await each.next();
  void running.next();
  const warnings = await warningsDuring(async () => {
    now += 500;
    const looked = warningCount();
    await until(() => looked() > 0);
    // Another look finds nothing new.
    now += 500;
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  });
  expect(warnings.map(({ code, message }) => [code, message])).toEqual([
    [
      'ERR_ASYNCGEN_SUSPENDED',
      expect.stringMatching(
        /^asyncgen-hooks\/lifecycle: fine \(.*\) has been suspended at src\/input\.js:1 for 500 ms, after 1 item\. Read it to its end, or close it with return\(\)\.$/,
      ),
    ],
  ]);
  expect(tracker.live()).toHaveLength(3);
  for (const each of kept) await each.return(undefined);
});

test('it is from the newest step on that a generator has been suspended', async () => {
  let now = 1000;
  const tracker = track({ warnAfter: 10, now: () => now });
  const [stepped, waiting] = [rows(), fine()];
  for (const each of [stepped, waiting]) await each.next();
  const warnings = await warningsDuring(async () => {
    const told = warningCount();
    now += 500;
    tracker.live();
    await stepped.next();
    await until(() => told() > 0);
  });
  expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('fine (')]);
  for (const each of [stepped, waiting]) await each.return(undefined);
});

/** Counts the warnings from now on, behind `warningsDuring`. */
function warningCount(): () => number {
  const { emitWarning } = process;
  let count = 0;
  process.emitWarning = ((warning: never) => {
    count++;
    emitWarning(warning);
  }) as never;
  return () => count;
}

test('a limit that is longer than timers go does not overflow into a look at once', async () => {
  let now = 0;
  track({ warnAfter: 2 ** 31, now: () => now });
  const rows = fine();
  const warnings = await warningsDuring(async () => {
    await rows.next();
    now = 2 ** 32;
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  });
  expect(warnings).toEqual([]);
  await rows.return(undefined);
});

test.each([
  [{ collectAfter: 0 }, 'option "collectAfter" is 0. Pass a number of milliseconds above 0.'],
  [{ warnAfter: '1' }, 'option "warnAfter" is "1". Pass a number of milliseconds above 0.'],
  [{ context: 1 }, 'option "context" is 1. Pass true or false.'],
])('options %p are refused', (options, message) => {
  expect(() => trackAsyncGens(options as never)).toThrow(message);
});
