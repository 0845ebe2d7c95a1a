import { afterEach, describe, expect, test } from '@jest/globals';
import {
  addAsyncGenHooks,
  setAsyncGenHooks,
  type AnyAsyncGenerator,
  type AsyncGenOutcome,
} from 'asyncgen-hooks';
import { collectTimes, collectUntil } from '../helpers/gc.js';
import { collect, gen, make, type Gen } from '../helpers/generators.js';
import { clearHooks } from '../helpers/hooks.js';

/** The sentences of docs/contract.md under `finalizer`, by their numbers. */

afterEach(clearHooks);

type StepCall = readonly ['next' | 'return' | 'throw', unknown?];
const next = ['next'] as const;
const close = (value: unknown): StepCall => ['return', value];
const fail = (error: unknown): StepCall => ['throw', error];
const exhausted = (value?: unknown): AsyncGenOutcome => ({ type: 'exhausted', value });
const closed = (value?: unknown): AsyncGenOutcome => ({ type: 'closed', value });
const failed = (error: unknown): AsyncGenOutcome => ({ type: 'failed', error });

/** Fills the list with what the finalizer is told of `it`, and not of those inside. */
function outcomesOf(it: unknown): AsyncGenOutcome[] {
  const seen: AsyncGenOutcome[] = [];
  setAsyncGenHooks({ finalizer: (given, outcome) => void (given === it && seen.push(outcome)) });
  return seen;
}

interface Case {
  readonly title: string;
  readonly body: string;
  readonly steps: readonly StepCall[];
  readonly outcome: AsyncGenOutcome;
}

const cases: readonly Case[] = [
  { title: '17: its end', body: 'yield 1', steps: [next, next], outcome: exhausted() },
  { title: '17: nothing in it', body: '', steps: [next], outcome: exhausted() },
  { title: '17: a return', body: 'return 1', steps: [next], outcome: exhausted(1) },
  {
    title: '17: an empty return',
    body: 'yield 1; return;',
    steps: [next, next],
    outcome: exhausted(),
  },
  {
    title: '17: a return alone in an if',
    body: 'if (1) return; yield 1',
    steps: [next],
    outcome: exhausted(),
  },
  {
    title: '17: a return of a promise',
    body: 'return Promise.resolve(1)',
    steps: [next],
    outcome: exhausted(1),
  },
  {
    title: '17: a return of what await brings',
    body: 'return await 1',
    steps: [next],
    outcome: exhausted(1),
  },
  {
    title: '17: a return of yield*',
    body: 'return yield* (async function* () { return 1 })()',
    steps: [next],
    outcome: exhausted(1),
  },
  {
    title: '18: return() at a yield',
    body: 'yield 1',
    steps: [next, close(2)],
    outcome: closed(2),
  },
  {
    title: '18: return() without a value',
    body: 'yield 1',
    steps: [next, close(undefined)],
    outcome: closed(),
  },
  {
    title: '18: return() before the body began',
    body: 'yield 1',
    steps: [close(2)],
    outcome: closed(2),
  },
  {
    title: '18: return() behind pending steps',
    body: 'yield 1; yield 2',
    steps: [next, next, close(3)],
    outcome: closed(3),
  },
  {
    title: '18: return() at yield*',
    body: 'yield* [1, 2]',
    steps: [next, close(3)],
    outcome: closed(3),
  },
  {
    title: '18: return() at yield* over a generator',
    body: 'yield* (async function* () { yield 1 })()',
    steps: [next, close(3)],
    outcome: closed(3),
  },
  {
    title: '18: return() behind what yield* gives',
    body: 'yield* [1, 2]; yield 3; yield 4',
    steps: [next, next, next, close(5)],
    outcome: closed(5),
  },
  {
    title: '18: return() behind the end has no effect',
    body: 'yield 1',
    steps: [next, next, close(2)],
    outcome: exhausted(),
  },
  {
    title: '18: of two return() the first',
    body: 'yield 1',
    steps: [next, close(2), close(3)],
    outcome: closed(2),
  },
  {
    title: '18: a return in finally overrides it',
    body: 'try { yield 1 } finally { return 3 }',
    steps: [next, close(2)],
    outcome: exhausted(3),
  },
  {
    title: '18: a break out of finally overrides it',
    body: 'for (;;) { try { yield 1 } finally { break } } yield 2',
    steps: [next, close(9), next],
    outcome: exhausted(),
  },
  {
    title: '18: a continue in finally overrides it',
    body: 'for (const x of [1, 2]) { try { yield x } finally { continue } }',
    steps: [next, close(9), next],
    outcome: exhausted(),
  },
  {
    title: '18: a throw in finally overrides it',
    body: 'try { yield 1 } finally { throw 3 }',
    steps: [next, close(2)],
    outcome: failed(3),
  },
  {
    title: '18: a yield in finally is no end',
    body: 'try { yield 1 } finally { yield 2 }',
    steps: [next, close(3), next],
    outcome: closed(3),
  },
  { title: '19: a throw', body: 'throw 1', steps: [next], outcome: failed(1) },
  {
    title: '19: a throw of undefined',
    body: 'yield 1; throw undefined',
    steps: [next, next],
    outcome: failed(undefined),
  },
  { title: '19: throw() at a yield', body: 'yield 1', steps: [next, fail(2)], outcome: failed(2) },
  {
    title: '19: throw() before the body began',
    body: 'yield 1',
    steps: [fail(2)],
    outcome: failed(2),
  },
  {
    title: '19: throw() that is caught is no end',
    body: 'try { yield 1 } catch {} yield 2',
    steps: [next, fail(2), next],
    outcome: exhausted(),
  },
  {
    title: '19: a yield of a rejected promise',
    body: 'yield Promise.reject(1)',
    steps: [next],
    outcome: failed(1),
  },
  {
    title: '19: a return of a rejected promise',
    body: 'return Promise.reject(1)',
    steps: [next],
    outcome: failed(1),
  },
  {
    title: '19: the same in try',
    body: 'try { return Promise.reject(1) } catch (e) { return [e] }',
    steps: [next],
    outcome: exhausted([1]),
  },
  {
    title: '19: a rejected await',
    body: 'await Promise.reject(1)',
    steps: [next],
    outcome: failed(1),
  },
  {
    title: '19: yield* over what is not iterable',
    body: 'yield* { [Symbol.asyncIterator]() { throw 1 } }',
    steps: [next],
    outcome: failed(1),
  },
  {
    title: '20: a return whose finally is closed',
    body: 'try { return 1 } finally { yield 2 }',
    steps: [next, close(2)],
    outcome: closed(2),
  },
  {
    title: '20: a throw whose finally is closed',
    body: 'try { throw 1 } finally { yield 2 }',
    steps: [next, close(2)],
    outcome: closed(2),
  },
  {
    title: '20: a return() whose finally is closed again',
    body: 'try { yield 1 } finally { yield 2 }',
    steps: [next, close(3), close(4)],
    outcome: closed(4),
  },
  {
    title: '20: a return() whose finally returns by itself',
    body: 'try { yield 1 } finally { yield 2; return 5 }',
    steps: [next, close(3), next],
    outcome: exhausted(5),
  },
  {
    title: '20: a throw whose finally returns',
    body: 'try { throw 1 } finally { return 2 }',
    steps: [next],
    outcome: exhausted(2),
  },
  {
    title: '20: a return whose finally throws',
    body: 'try { return 1 } finally { throw 2 }',
    steps: [next],
    outcome: failed(2),
  },
  {
    title: '20: an overridden return(), and an end',
    body: 'try { yield 1 } finally { yield 2 }',
    steps: [next, close(3), fail(4)],
    outcome: failed(4),
  },
];

describe.each([
  ['a finalizer', () => {}],
  ['a finalizer and iter', () => void addAsyncGenHooks({ iter: (_, value) => value })],
  ['a finalizer and resume', () => void addAsyncGenHooks({ resume: (_, step) => step() })],
])('with %s', (_, add) => {
  test.each(cases)('$title', async ({ body, steps, outcome }) => {
    const it = gen(body)();
    const seen = outcomesOf(it);
    add();
    for (const [name, value] of steps) {
      await it[name](value).catch(() => {});
      if (seen.length > 0) break;
    }
    await collect(it);
    await it.return('late');
    expect(seen).toEqual([outcome]);
  });

  test.each(cases)('$title, all steps asked for at once', async ({ body, steps, outcome }) => {
    const it = gen(body)();
    const seen = outcomesOf(it);
    add();
    await Promise.allSettled(steps.map(([name, value]) => it[name](value)));
    expect(seen).toEqual([outcome]);
  });
});

test('16: is called synchronously behind the finally blocks, before the step settles', async () => {
  const record: unknown[] = [];
  setAsyncGenHooks({ finalizer: () => void record.push('finalizer') });
  const it = gen(`
    const [record, gate] = args;
    try { yield 1 } finally { record.push('finally'); await gate; queueMicrotask(() => record.push('microtask')); record.push('last') }`);
  let open!: () => void;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const items = it(record, gate);
  await items.next();
  const step = items.return(undefined).then(() => record.push('settled'));
  // `return()` waits for its value first.
  await null;
  expect(record).toEqual(['finally']);
  open();
  await step;
  expect(record).toEqual(['finally', 'last', 'finalizer', 'microtask', 'settled']);
});

test('16: the first step of a body that ends at once has the finalizer called before next() returns', () => {
  const record: unknown[] = [];
  setAsyncGenHooks({ finalizer: () => void record.push('finalizer') });
  void gen('')().next();
  void gen('')().return(undefined);
  expect(record).toEqual(['finalizer', 'finalizer']);
});

describe('21: abandoned', () => {
  test('is told once, of a generator over the same body; the end that follows is not told', async () => {
    const outcomes: unknown[] = [];
    const record: unknown[] = [];
    let revived: AnyAsyncGenerator | undefined;
    setAsyncGenHooks({
      finalizer: (given, outcome) => {
        outcomes.push(outcome);
        revived = given;
      },
    });
    await make(record)(1, 2).next();
    await collectUntil(() => outcomes.length > 0);
    expect(record).toEqual(['body']);
    expect(await revived!.next()).toEqual({ value: 2, done: false });
    expect(await revived!.return('end')).toEqual({ value: 'end', done: true });
    revived = undefined;
    await collectTimes();
    expect(record).toEqual(['body', 'finally']);
    expect(outcomes).toEqual([{ type: 'abandoned' }]);
  });

  test('is not told of a generator that is held, or has ended', async () => {
    const outcomes: string[] = [];
    setAsyncGenHooks({ finalizer: (_, { type }) => void outcomes.push(type) });
    const held = make()(1);
    await held.next();
    await collect(make()(1));
    await collectTimes();
    expect(outcomes).toEqual(['exhausted']);
    await held.return(undefined);
  });
});

test.each([
  ['exhausted', 'yield 1', [next, next]],
  ['closed', 'yield 1', [next, close(2)]],
  ['closed before the start', 'yield 1', [close(2)]],
  ['failed', 'yield 1; throw 2', [next, next]],
] as const)(
  '22: a step that the hook asks for gives { done: true }: %s',
  async (_, body, steps) => {
    const asked: Promise<unknown>[] = [];
    setAsyncGenHooks({
      finalizer: (given) => void asked.push(given.next(), given.return('asked')),
    });
    const it: Gen = gen(body)();
    for (const [name, value] of steps as readonly StepCall[]) await it[name](value).catch(() => {});
    expect(await Promise.all(asked)).toEqual([
      { value: undefined, done: true },
      { value: 'asked', done: true },
    ]);
  },
);
