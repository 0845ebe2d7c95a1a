import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import v8 from 'node:v8';
import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import { setAsyncGenHooks } from 'asyncgen-hooks';
import { Crowd } from '../../src/lifecycle/crowd.js';
import { Project } from '../environments/support/project.js';
import { compile } from '../helpers/babel.js';
import { collectUntil } from '../helpers/gc.js';
import { clearHooks } from '../helpers/hooks.js';
import { warningsDuring } from '../helpers/warnings.js';
import { gen, names, track } from './support/track.js';

const compiled = (name: string): string =>
  compile(readFileSync(join(__dirname, 'programs', name), 'utf8'), {
    filename: `/project/${name}`,
    sourceType: 'script',
    plugins: ['asyncgen-hooks/babel'],
  });
const project = new Project({
  'dropped.cjs': compiled('dropped.cjs'),
  'deaf.cjs': compiled('deaf.cjs'),
  'late.cjs': compiled('late.cjs'),
});

afterAll(() => project[Symbol.dispose]());

describe('300,000 generators that are dropped in a loop of microtasks', () => {
  test.each([
    ['hooks', 'ERR_ASYNCGEN_CROWDED of runtime'],
    // Two losses.
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

describe('when a tracker takes in no more', () => {
  afterEach(() => void jest.restoreAllMocks());

  /** What the crowd says when so many are kept, and the heap is at so much of its limit. */
  function crowd(): { task(): void; isFullAt(size: number, heap: number): boolean } {
    let size = 0;
    const crowd = new Crowd(() => size);
    return {
      task: () => crowd.task(),
      isFullAt(now, heap) {
        size = now;
        const statistics = { used_heap_size: heap, heap_size_limit: 1 };
        jest.spyOn(v8, 'getHeapStatistics').mockReturnValue(statistics as never);
        let isFull = false;
        // It looks once in so many.
        for (let i = 0; i < 4096; i++) isFull = crowd.isFull;
        return isFull;
      },
    };
  }

  test.each([
    [19_999, 1, false],
    [20_000, 0.125, false],
    [20_000, 0.126, true],
    [249_999, 0.125, false],
    [250_000, 0, true],
  ])('%d kept, and a heap at %d of its limit: %p', (size, heap, isFull) => {
    expect(crowd().isFullAt(size, heap)).toBe(isFull);
  });

  test('it counts from the last task on, and takes in more at once', () => {
    const { task, isFullAt } = crowd();
    expect(isFullAt(250_000, 0)).toBe(true);
    task();
    expect([isFullAt(499_999, 0), isFullAt(500_000, 0)]).toEqual([false, true]);
  });

  test('what was full is not, from the task on', () => {
    const crowd = new Crowd(() => size);
    let size = 0;
    crowd.task();
    size = 250_000;
    for (let i = 0; i < 4096; i++) void crowd.isFull;
    expect(crowd.isFull).toBe(true);
    crowd.task();
    expect(crowd.isFull).toBe(false);
  });
});

test('where V8 tells no registry any more, as before Node 26 once one has died at the wrong time, they are found all the same', async () => {
  const { stdout } = await project.run('--expose-gc', 'deaf.cjs');
  const isTold = Number.parseInt(process.versions.node, 10) >= 26;
  expect(stdout.trim()).toBe(`${isTold} true 0`);
});

test('where it was only late in telling, it is asked again', async () => {
  const { stdout } = await project.run('--expose-gc', 'late.cjs');
  expect(stdout.trim()).toBe('true true');
});
