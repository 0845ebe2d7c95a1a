import { afterEach, expect, test } from '@jest/globals';
import {
  addAsyncGenHooks,
  getAsyncGenHandle,
  getAsyncGenState,
  setAsyncGenClock,
  setAsyncGenHooks,
  type AsyncGenHandle,
} from 'asyncgen-hooks';
import { collectTimes, collectUntil } from '../helpers/gc.js';
import { collect, gen, load, make, type Gen } from '../helpers/generators.js';
import { clearHooks, recordOutcomes } from '../helpers/hooks.js';

/** What scripts/mutants.mjs found that no other test noticed. */

afterEach(() => {
  clearHooks();
  setAsyncGenClock(0);
});

/** A promise, and what fulfils it. */
function gate(): { readonly passed: Promise<void>; open(): void } {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

const watched = (): void => void setAsyncGenHooks({ firstiter() {}, finalizer() {} });

test('pendingSince is when the oldest pending step had its turn', async () => {
  watched();
  const [first, second] = [gate(), gate()];
  const items = gen('await args[0]; yield 1; await args[1]; yield 2')(first.passed, second.passed);
  setAsyncGenClock(5);
  setAsyncGenClock(10);
  const steps = [items.next()];
  const handle = getAsyncGenHandle(items) as AsyncGenHandle;
  setAsyncGenClock(20);
  steps.push(items.next());
  expect([handle.pendingSince, handle.steppedAt]).toEqual([10, 10]);
  setAsyncGenClock(30);
  first.open();
  await steps[0];
  expect(handle.pendingSince).toBe(30);
  setAsyncGenClock(40);
  second.open();
  await steps[1];
  expect([handle.pendingSince, handle.steppedAt]).toEqual([undefined, 30]);
});

test('a yield that fails gives no item, and the next one is the first', async () => {
  watched();
  const refused = { then: (_: unknown, refuse: (error: string) => void) => refuse('refused') };
  const items = gen('try { yield args[0] } catch {} yield 2; await args[1]')(
    refused,
    new Promise(() => {}),
  );
  expect(await items.next()).toEqual({ value: 2, done: false });
  const handle = getAsyncGenHandle(items) as AsyncGenHandle;
  expect(handle.items).toBe(1);
  void items.next();
  expect(handle.state).toBe('running');
});

test('a return() that had its turn is the outcome, though its signal fails a finally block', async () => {
  const outcomes = recordOutcomes();
  const items = load(`
    const { asyncGenSignal } = require('asyncgen-hooks');
    module.exports = async function* () {
      try { yield 1 } finally { asyncGenSignal().throwIfAborted() }
    }`)();
  await items.next();
  await items.return(7);
  expect(outcomes).toEqual([{ type: 'closed', value: 7 }]);
});

test('a thenable that settles twice gives one item', async () => {
  watched();
  const eager = { then: (bring: (item: number) => void) => [1, 2].forEach(bring) };
  const items = gen('yield args[0]; await args[1]')(eager, new Promise(() => {}));
  const steps = [items.next(), items.next()];
  expect(await steps[0]).toEqual({ value: 1, done: false });
  const handle = getAsyncGenHandle(items) as AsyncGenHandle;
  expect([handle.items, handle.state]).toEqual([1, 'running']);
});

test('all iter hooks of who reads by yield* see an item, also behind a late one inside', async () => {
  const record: string[] = [];
  const iter =
    (label: string) =>
    async (_: unknown, __: unknown, { site }: AsyncGenHandle): Promise<void> =>
      void record.push(`${label} ${site.name}`);
  setAsyncGenHooks({ iter: iter('a') });
  const second = addAsyncGenHooks({ iter: iter('b') });
  const outer = load(`
    async function* inner() { yield 1 }
    module.exports = async function* outer() { yield* inner() }`);
  await outer().next();
  second.remove();
  expect(record).toEqual(['a inner', 'b inner', 'a outer', 'b outer']);
});

test('items of a yield* count, though another yield* follows at once', async () => {
  watched();
  const items = gen('yield* [1, 2]; yield* [3]; yield* []; yield* [4]')();
  expect(await collect(items)).toEqual([1, 2, 3, 4]);
  const again = gen('yield* [1, 2]; yield* [3]; await args[0]')(new Promise(() => {}));
  for (let i = 0; i < 3; i++) await again.next();
  expect(getAsyncGenHandle(again)).toMatchObject({ items: 3, state: 'suspended' });
  void again.next();
  expect(getAsyncGenState(again)).toBe('running');
});

test('what a generator gave before it was read by yield* are no items of who reads it', async () => {
  watched();
  const items = load(`
    async function* inner() { yield 1; yield 2; yield 3 }
    module.exports = async function* () {
      const it = inner();
      await it.next();
      await it.next();
      yield* it;
      yield 'own';
    }`)();
  const steps = Array.from({ length: 4 }, () => items.next());
  const handle = getAsyncGenHandle(items) as AsyncGenHandle;
  const counts = steps.map((step: Promise<unknown>) => step.then(() => handle.items));
  expect(await Promise.all(counts)).toEqual([1, 2, 2, 2]);
  expect(await items.next()).toEqual({ value: undefined, done: true });
});

test.each([undefined, null])('yield* %s fails with the error of the engine', async (value) => {
  const errorOf = async (hooks: boolean): Promise<string> => {
    if (hooks) watched();
    const items = gen('const value = args[0]; yield* value')(value);
    const failed = await items.next().catch((error: Error) => `${error.name}: ${error.message}`);
    clearHooks();
    return String(failed);
  };
  expect(await errorOf(true)).toBe(await errorOf(false));
});

test('a generator that has ended can be collected at once', async () => {
  watched();
  const refs: WeakRef<Gen>[] = [];
  await (async () => {
    const items = make()(1);
    refs.push(new WeakRef(items));
    await collect(items);
  })();
  // What is young is held until the next collection has been noticed.
  await collectTimes(1);
  expect(refs[0]!.deref()).toBe(undefined);
});

test('who reads from a generator does not abort its signal once it has ended', async () => {
  watched();
  const signals: AbortSignal[] = [];
  const outer: Gen = load(`
    const { asyncGenSignal } = require('asyncgen-hooks');
    module.exports = (signals) => {
      async function* inner() { signals.push(asyncGenSignal()); yield 1 }
      return (async function* () { yield* inner(); yield 2 })();
    };`)(signals);
  await outer.next();
  await outer.next();
  await outer.return(undefined);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});

test('a return() that its finally block has overridden is not closing any more', async () => {
  watched();
  const { passed, open } = gate();
  const items = gen('try { yield 1 } finally { return args[0] }')(passed);
  await items.next();
  const end = items.return('given');
  expect(getAsyncGenState(items)).toBe('closing');
  for (let i = 0; i < 5; i++) await null;
  expect(getAsyncGenState(items)).toBe('running');
  open();
  expect(await end).toEqual({ value: undefined, done: true });
});

test('a handle has its generator, though yield* could not open that', async () => {
  watched();
  const inner = make()(1);
  (inner as unknown as Record<symbol, unknown>)[Symbol.asyncIterator] = () => {
    throw new Error('not opened');
  };
  await expect(gen('yield* args[0]')(inner).next()).rejects.toThrow('not opened');
  expect(getAsyncGenHandle(inner)!.generator()).toBe(inner);
});

test('a handle has its generator in an init hook', () => {
  const seen: unknown[] = [];
  setAsyncGenHooks({ init: (given, handle) => void seen.push(given, handle.generator()) });
  const items = make()(1);
  expect(seen[0]).toBe(items);
  expect(seen[1]).toBe(items);
});

test('what return() gives to a generator that has ended is not kept', async () => {
  watched();
  const items = make()(1);
  await collect(items);
  const refs: WeakRef<object>[] = [];
  await (async () => {
    const given = {};
    refs.push(new WeakRef(given));
    await items.return(given);
  })();
  await collectTimes(2);
  expect(refs[0]!.deref()).toBe(undefined);
  expect(getAsyncGenState(items)).toBe('closed');
});

test('yield* over a generator of ours that has ended takes no microtask more', async () => {
  const ticks = async (): Promise<number> => {
    const ended = make()();
    await ended.next();
    let count = 0;
    let isDone = false;
    const step = gen('return yield* args[0]')(ended).next();
    void step.then(() => (isDone = true));
    for (; !isDone; count++) await null;
    return count;
  };
  const quiet = await ticks();
  setAsyncGenHooks({ iter: (_, value) => value });
  expect(await ticks()).toBe(quiet);
});

test('a dropped generator whose yield* has given is found abandoned', async () => {
  const outcomes = recordOutcomes();
  const { passed, open } = gate();
  const step = gen('yield* { [Symbol.asyncIterator]: () => ({ next: () => args[0] }) }')(
    passed.then(() => ({ value: 1, done: false })),
  ).next();
  await collectTimes();
  expect(outcomes).toEqual([]);
  open();
  expect(await step).toEqual({ value: 1, done: false });
  await collectUntil(() => outcomes.length > 0);
  expect(outcomes).toEqual([{ type: 'abandoned' }]);
});

test('of those that are young, the end of one does not lose another one', async () => {
  const outcomes = recordOutcomes();
  const [first, last] = await (async () => {
    const three = [make()(1), make()(1), make()(1)];
    for (const each of three) await each.next();
    return [three[0]!, three[2]!];
  })();
  await first.return(undefined);
  await last.return(undefined);
  await collectUntil(() => outcomes.length > 2);
  expect(outcomes.map(({ type }) => type)).toEqual(['closed', 'closed', 'abandoned']);
});

test('of those that are young, the end of one leaves to each its own generator', async () => {
  const given: unknown[] = [];
  setAsyncGenHooks({ finalizer: (of) => void given.push(of) });
  const [first, second, third] = [make()(1), make()(1), make()(1)];
  for (const each of [first, second]) await each.next();
  const handle = getAsyncGenHandle(first)!;
  await first.return(undefined);
  await third.next();
  expect(handle.generator()).toBe(undefined);
  expect(getAsyncGenHandle(second)!.generator()).toBe(second);
  for (const each of [second, third]) await each.return(undefined);
  expect(given.map((of) => [first, second, third].indexOf(of as Gen))).toEqual([0, 1, 2]);
});

test('one whose first step failed ends once, though its return() asks for another one', async () => {
  const types: string[] = [];
  setAsyncGenHooks({
    firstiter() {
      throw new Error('first');
    },
    finalizer: (_, { type }) => void types.push(type),
  });
  const items = make()(1);
  await expect(items.next()).rejects.toThrow('first');
  await collectTimes(2);
  const given = {
    get then() {
      void items.return(undefined);
      return undefined;
    },
  };
  expect(await items.return(given as never)).toEqual({ value: given, done: true });
  expect(types).toEqual(['closed']);
});

test('a handle knows its generator whatever stands in the place of WeakRef', async () => {
  watched();
  const items = make()(1);
  await items.next();
  await collectTimes(2);
  const { WeakRef } = globalThis;
  try {
    globalThis.WeakRef = Map as never;
    expect(getAsyncGenHandle(items)!.generator()).toBe(items);
  } finally {
    globalThis.WeakRef = WeakRef;
  }
});

test('an owner is what was set last, before and after the end', async () => {
  watched();
  const items = make()(1, 2);
  await items.next();
  const handle = getAsyncGenHandle(items) as AsyncGenHandle;
  const [one, other] = [{}, {}];
  for (const owner of [one, other, undefined, one]) {
    handle.owner = owner;
    expect(handle.owner).toBe(owner);
  }
  await items.return(undefined);
  expect(handle.owner).toBe(one);
});

test('a throw() behind a return() does not change what the signal was aborted for', async () => {
  const outcomes = recordOutcomes();
  const items = load(`
    const { asyncGenSignal } = require('asyncgen-hooks');
    module.exports = async function* (gate) {
      const signal = asyncGenSignal();
      await gate;
      signal.throwIfAborted();
    }`);
  const { passed, open } = gate();
  const it: Gen = items(passed);
  const pending = it.next();
  void it.return('given');
  it.throw(new Error('later')).catch(() => {});
  open();
  expect(await pending).toEqual({ value: undefined, done: true });
  expect(outcomes).toEqual([{ type: 'closed', value: 'given' }]);
});

test('a promise that an async iterator gives as an item is not waited for', async () => {
  const promise = Promise.resolve('brought');
  setAsyncGenHooks({ iter: () => undefined });
  const items = gen('yield* { [Symbol.asyncIterator]: () => ({ next: () => args[0] }) }')({
    value: promise,
    done: false,
  });
  expect((await items.next()).value).toBe(promise);
});

test('a body that no generator of ours has started is not taken for the last one', async () => {
  watched();
  const items = load(`module.exports = function () { return items(); }
    async function* items() { yield arguments.callee; }`)();
  const { value: unhooked } = await items.next();
  expect(await collect(unhooked())).toHaveLength(1);
  expect(getAsyncGenHandle(items)).toMatchObject({ items: 1, state: 'suspended' });
});

test('what inherits from a generator function has no text, as natively', () => {
  const items = gen('');
  expect(String(items)).toContain('async function*');
  expect(() => (Object.create(items) as object).toString()).toThrow(TypeError);
});

test('a generator has no properties of its own', () => {
  expect(Reflect.ownKeys(make()())).toEqual([]);
});
