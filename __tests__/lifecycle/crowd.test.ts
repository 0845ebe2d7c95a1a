import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { setAsyncGenHooks } from 'asyncgen-hooks';
import { Project } from '../environments/support/project.js';
import { compile } from '../helpers/babel.js';
import { collectUntil } from '../helpers/gc.js';
import { clearHooks } from '../helpers/hooks.js';
import { warningsDuring } from '../helpers/warnings.js';
import { gen, names, track } from './support/track.js';

const program = readFileSync(join(__dirname, 'programs/dropped.cjs'), 'utf8');
const project = new Project({
  'dropped.cjs': compile(program, {
    filename: '/project/dropped.cjs',
    sourceType: 'script',
    plugins: ['asyncgen-hooks/babel'],
  }),
});

afterAll(() => project[Symbol.dispose]());

describe('300,000 generators that are dropped in a loop of microtasks', () => {
  test.each([
    ['hooks', 'ERR_ASYNCGEN_CROWDED of runtime'],
    // Two losses. Here memory is short, and the tracker is the first to give up.
    ['tracker', 'ERR_ASYNCGEN_CROWDED of lifecycle,ERR_ASYNCGEN_CROWDED of runtime'],
  ])(
    'need no more memory than natively, with %s, and a warning says what is lost',
    async (mode, warnings) => {
      const { stdout } = await project.run(
        '--max-old-space-size=64',
        'dropped.cjs',
        mode,
        '300000',
      );
      expect(stdout.trim()).toBe(`150000 ${warnings}`);
    },
  );
});

test('more than are kept young are found abandoned, all of them, with a task now and then', async () => {
  const rows = gen('rows', 'try { yield 1; } finally { args[0](); }');
  let closed = 0;
  try {
    setAsyncGenHooks({
      finalizer: (dropped, { type }) => void (type === 'abandoned' && dropped.return()),
    });
    for (let i = 0; i < 12_000; i++) {
      await rows(() => closed++).next();
      if (i % 100 === 0) await new Promise(setImmediate);
    }
    await collectUntil(() => closed === 12_000);
  } finally {
    clearHooks();
  }
});

test('those that are open and held, in one turn, are closed, however many', async () => {
  const tracker = track();
  const rows = gen('rows', 'try { yield 1; } finally { args[0](); }');
  let closed = 0;
  const kept: unknown[] = [];
  const warnings = await warningsDuring(async () => {
    for (let i = 0; i < 30_000; i++) {
      const each = rows(() => closed++);
      await each.next();
      kept.push(each);
    }
  });
  // It tells of the first that is not found abandoned; a tracker still knows them.
  expect(new Set(warnings.map(({ code }) => code))).toEqual(new Set(['ERR_ASYNCGEN_CROWDED']));
  // It is the number that is tested, not the time, which a busy machine takes as long as it likes.
  await tracker.shutdown({ timeout: 50_000 });
  expect([kept.length, closed]).toEqual([30_000, 30_000]);
});

test('limits that end at the same time end in several turns of the event loop', async () => {
  const tracker = track();
  const stuck = gen('stuck', 'await new Promise(() => {}); yield 1;');
  const kept = Array.from({ length: 2000 }, () => stuck());
  for (const each of kept) void each.next();
  const states: number[] = [];
  let goesOn = true;
  const look = (): void => {
    states.push(tracker.live().length);
    if (goesOn) setImmediate(look);
  };
  const shutdown = tracker.shutdown({ timeout: 5 });
  look();
  const { blocked } = await shutdown;
  goesOn = false;
  expect(names(blocked)).toHaveLength(2000);
  expect(states.length).toBeGreaterThan(2000 / 256);
});
