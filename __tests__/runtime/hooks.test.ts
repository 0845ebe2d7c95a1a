import { afterEach, describe, expect, test } from '@jest/globals';
import {
  addAsyncGenHooks,
  describeAsyncGen,
  getAsyncGenHandle,
  setAsyncGenHooks,
} from 'asyncgen-hooks';
import { collect, gen, load, make } from '../helpers/generators.js';
import { clearHooks, NO_HOOKS } from '../helpers/hooks.js';

afterEach(clearHooks);

/** A generator function that the compiler does not see. */
const NATIVE = `new Function('return async function* (record) {' +
  'try { yield "refused" } catch (e) { yield "inner caught " + e.message } }')()`;

describe('firstiter', () => {
  test.each(['next', 'return', 'throw'] as const)(
    'is called in the first step, %s(), before the body',
    async (step) => {
      const record: unknown[] = [];
      const gen = make(record)(1);
      setAsyncGenHooks({ firstiter: (g) => void record.push(g === gen) });
      const result = gen[step]('given').catch((error) => error);
      expect(record).toEqual(step === 'next' ? [true, 'body'] : [true]);
      await result;
      await gen.next();
      expect(record.filter((entry) => entry === true)).toHaveLength(1);
    },
  );

  test('that throws makes that step reject; it is not retried, the generator stays usable', async () => {
    let calls = 0;
    const error = new Error('firstiter');
    setAsyncGenHooks({
      firstiter: () => {
        calls++;
        throw error;
      },
    });
    const gen = make()(1);
    await expect(gen.next()).rejects.toBe(error);
    expect(await gen.next()).toEqual({ value: 1, done: false });
    expect(calls).toBe(1);
  });

  test('that throws keeps no other set from its call', async () => {
    const record: string[] = [];
    setAsyncGenHooks({
      firstiter: () => {
        throw new Error('first');
      },
    });
    const other = addAsyncGenHooks({ firstiter: () => void record.push('other') });
    await expect(make()(1).next()).rejects.toThrow('first');
    other.remove();
    expect(record).toEqual(['other']);
  });

  test('that throws ends the yield* that asked for the step', async () => {
    const { outer, inner } = load(`
      const inner = (async function* () { yield 1; })();
      module.exports = {
        inner,
        async *outer() {
          try { yield* inner; } catch {}
          await new Promise(() => {});
        },
      };
    `);
    const shown: unknown[] = [];
    setAsyncGenHooks({
      firstiter: (gen) => {
        if (gen === inner) throw new Error('firstiter');
      },
      iter: (gen, item) => void shown.push([gen === inner, item]),
    });
    const reader = outer();
    void reader.next();
    expect(await inner.next()).toEqual({ value: 1, done: false });
    expect(shown).toEqual([[true, 1]]);
    expect(getAsyncGenHandle(reader)!.items).toBe(0);
  });

  test('may step the generator itself', async () => {
    const steps: unknown[] = [];
    setAsyncGenHooks({ firstiter: (gen) => void steps.push(gen.next()) });
    const gen = make()(1, 2);
    expect((await gen.next()).value).toBe(2);
    expect(await steps[0]).toEqual({ value: 1, done: false });
  });
});

describe('iter', () => {
  test('replaces the value; undefined keeps it; a thenable is awaited', async () => {
    const answers: unknown[] = [
      'replaced',
      undefined,
      Promise.resolve('late'),
      Promise.resolve(),
      null,
    ];
    setAsyncGenHooks({ iter: () => answers.shift() });
    expect(await collect(make()(1, 2, 3, 4, 5))).toEqual(['replaced', 2, 'late', 4, null]);
  });

  test('sees no value that the body returned', async () => {
    const seen: unknown[] = [];
    setAsyncGenHooks({ iter: (_, value) => void seen.push(value) });
    const gen = make()(1);
    await gen.next();
    expect(await gen.next()).toEqual({ value: 'returned', done: true });
    expect(seen).toEqual([1]);
  });

  test.each([
    [
      'throws',
      (error: Error) => {
        throw error;
      },
    ],
    ['rejects', (error: Error) => Promise.reject(error)],
  ])('14: that %s fails a body that does not catch it', async (_, fail) => {
    const record: unknown[] = [];
    const error = new Error('iter');
    setAsyncGenHooks({
      iter: () => fail(error),
      finalizer: (_gen, outcome, { items }) => void record.push(outcome, items),
    });
    const gen = make(record)(1, 2);
    await expect(gen.next()).rejects.toBe(error);
    expect(record).toEqual(['body', 'finally', { type: 'failed', error }, 0]);
    expect(await gen.next()).toEqual({ value: undefined, done: true });
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('iter');
      },
    ],
    ['rejects', () => Promise.reject(new Error('iter'))],
  ])(
    '14: that %s is caught at the yield, and the body goes on within the same step',
    async (_, fail) => {
      const outcomes: unknown[] = [];
      setAsyncGenHooks({
        iter: (_gen, value) => (value === 'refused' ? fail() : undefined),
        finalizer: (_gen, outcome, { items }) => void outcomes.push(outcome, items),
      });
      const items = gen(`
      try { yield 'refused'; } catch ({ message }) { yield 'caught ' + message; }
      try { yield Promise.resolve('refused'); } catch ({ message }) { yield 'late ' + message; }`);
      expect(await collect(items())).toEqual(['caught iter', 'late iter']);
      expect(outcomes).toEqual([{ type: 'exhausted', value: undefined }, 2]);
    },
  );

  test('14: that throws runs finally, and an item of that finally is given', async () => {
    const outcomes: unknown[] = [];
    const error = new Error('iter');
    setAsyncGenHooks({
      iter: (_, value) => {
        if (value === 1) throw error;
      },
      finalizer: (_, outcome) => void outcomes.push(outcome),
    });
    const items = gen('try { yield 1; } finally { yield 2; }')();
    expect(await items.next()).toEqual({ value: 2, done: false });
    expect(outcomes).toEqual([]);
    await expect(items.next()).rejects.toBe(error);
    expect(outcomes).toEqual([{ type: 'failed', error }]);
  });

  test('14: that throws ends the steps that were queued behind', async () => {
    setAsyncGenHooks({
      iter: () => {
        throw new Error('iter');
      },
    });
    const items = make()(1, 2, 3);
    const steps = await Promise.allSettled([items.next(), items.next(), items.next()]);
    expect(steps.map((step) => (step as any).value ?? (step as any).reason.message)).toEqual([
      'iter',
      { value: undefined, done: true },
      { value: undefined, done: true },
    ]);
  });

  test.each([
    ['a generator of ours', 'inner()'],
    ['one that is not ours', 'foreign()'],
    ['an array', '["refused", "kept"]'],
    ['an async iterator without throw()', 'bare()'],
  ])('14: that throws is thrown at the yield* over %s', async (_, iterable) => {
    const record: unknown[] = [];
    setAsyncGenHooks({
      iter: (_gen, value) => {
        if (value === 'refused') throw new Error('iter');
      },
    });
    const outer = load(`
      const native = ${NATIVE};
      async function* inner() { try { yield 'refused' } catch (e) { yield 'inner caught ' + e.message } }
      async function* outer() { try { yield* ${iterable} } catch (e) { yield 'caught ' + e.message } }
      const foreign = () => native(record);
      const bare = () => ({
        [Symbol.asyncIterator]: () => ({
          next: async () => ({ value: 'refused', done: false }),
          return: async () => (record.push('closed'), {}),
        }),
      });
      let record;
      module.exports = (to) => (record = to, outer());`);
    expect(await collect(outer(record))).toEqual([
      iterable === 'inner()' || iterable === 'foreign()' ? 'inner caught iter' : 'caught iter',
    ]);
    expect(record).toEqual(iterable === 'bare()' ? ['closed'] : []);
  });

  test.each([
    ['a hook that throws, for a value', '1', false, true],
    ['a hook that rejects, for a value', '1', true, false],
    ['a hook that throws, for a promise', 'Promise.resolve(1)', false, false],
  ])(
    '14: throw() of a sync iterator is called if it can be: %s',
    async (_, item, isAsync, isTold) => {
      const fail = (): never => {
        throw new Error('iter');
      };
      setAsyncGenHooks({ iter: isAsync ? async () => fail() : fail });
      const record: unknown[] = [];
      const outer = load(`module.exports = async function* (record) {
      const it = {
        next: () => ({ done: false, value: ${item} }),
        throw: (error) => (record.push('told ' + error.message), { done: true, value: 'end' }),
      };
      try { return yield* { [Symbol.iterator]: () => it }; }
      catch (error) { return 'caught ' + error.message; }
    }`);
      const { value } = await outer(record).next();
      expect([value, record]).toEqual(isTold ? ['end', ['told iter']] : ['caught iter', []]);
    },
  );

  test('12: an item on its way to one that has ended meanwhile meets no hook of it', async () => {
    const seen: unknown[] = [];
    const nameOf = (gen: unknown): unknown => describeAsyncGen(gen)?.name;
    setAsyncGenHooks({
      iter: async (gen) => void seen.push(['first', nameOf(gen)]),
      finalizer: (gen) => void seen.push(['end', nameOf(gen)]),
      resume: (gen, step) => {
        void step();
        if (nameOf(gen) === 'inner') throw new Error('resume');
      },
    });
    const second = addAsyncGenHooks({ iter: (gen) => void seen.push(['second', nameOf(gen)]) });
    const outer = load(`
      async function* inner() { yield 1; }
      module.exports = async function* outer() { yield* inner(); };`);
    await expect(outer().next()).rejects.toThrow('resume');
    for (let i = 0; i < 50; i++) await null;
    second.remove();
    expect(seen).toEqual([
      ['first', 'inner'],
      ['second', 'inner'],
      ['first', 'outer'],
      ['end', 'outer'],
    ]);
  });

  test('13: a promise that an async iterator gives as an item stays one if late hooks keep it', async () => {
    const promise = Promise.resolve('brought');
    const seen: unknown[] = [];
    setAsyncGenHooks({ iter: (_, value) => (seen.push(value), Promise.resolve(undefined)) });
    const second = addAsyncGenHooks({ iter: (_, value) => void seen.push(value) });
    const outer = load(`module.exports = async function* (promise) {
      yield* { [Symbol.asyncIterator]: () => ({ next: () => ({ value: promise, done: false }) }) };
    }`);
    const { value } = await outer(promise).next();
    second.remove();
    expect(value).toBe(promise);
    expect(seen).toEqual([promise, promise]);
  });

  test('that is slow keeps the order of the steps', async () => {
    const settled: unknown[] = [];
    const gates: (() => void)[] = [];
    setAsyncGenHooks({
      iter: (_, value) => (value === 1 ? new Promise<void>((open) => gates.push(open)) : undefined),
    });
    const gen = make()(1, 2);
    const steps = [gen.next(), gen.next(), gen.next(), gen.throw(new Error('late'))].map((step) =>
      step.then(
        ({ value }) => settled.push(value),
        (error) => settled.push(error.message),
      ),
    );
    while (gates.length === 0) await null;
    for (let i = 0; i < 50; i++) await null;
    expect(settled).toEqual([]);
    gates[0]!();
    await Promise.all(steps);
    expect(settled).toEqual([1, 2, 'returned', 'late']);
  });
});

describe('init', () => {
  test('that throws makes the call throw', () => {
    setAsyncGenHooks({
      init: () => {
        throw new RangeError('init');
      },
    });
    expect(() => make()(1)).toThrow(RangeError);
  });
});

test('hooks hold from the first step to the end', async () => {
  const record: string[] = [];
  const set = (name: string): void =>
    void setAsyncGenHooks({
      iter: () => void record.push(`iter ${name}`),
      finalizer: () => void record.push(`finalizer ${name}`),
    });
  set('a');
  const [begun, waiting, quiet] = [make()(1, 2), make()(1), make()(1)];
  await begun!.next();
  setAsyncGenHooks(NO_HOOKS);
  await quiet!.next();
  set('b');
  await collect(begun!);
  await collect(waiting!);
  await collect(quiet!);
  expect(record).toEqual(['iter a', 'iter a', 'finalizer a', 'iter b', 'finalizer b']);
});

test.each([
  ['that speaks of native code', 'new (class { async *m() { yield "{ [native code] }"; } })()'],
  ['written twice', 'new (class { async *m() { yield 1; } async *["m"]() { yield 2; } })()'],
  [
    'written twice, by a computed key',
    '((k) => new (class { async *m() { yield 1; } async *[k]() { yield 2; } })())("m")',
  ],
  ['of an object, with super', '{ async *m() { yield super.x; } }'],
  [
    'of an object, with super and a spread behind it',
    '{ async *m() { yield super.x; }, ...{ x: 1 } }',
  ],
])('a method %s meets each hook once', async (_, source) => {
  const record: string[] = [];
  setAsyncGenHooks({ init: () => void record.push('init'), iter: () => void record.push('iter') });
  await collect(load(`module.exports = ${source}`).m());
  expect(record).toEqual(['init', 'iter']);
});

test('with no hook in force a step is the promise of the body', () => {
  const { prototype } = Object.getPrototypeOf(async function* () {});
  const { next } = prototype;
  const promises: unknown[] = [];
  prototype.next = function (value: unknown) {
    const promise = next.call(this, value);
    promises.push(promise);
    return promise;
  };
  try {
    expect(make()(1).next()).toBe(promises[0]);
  } finally {
    prototype.next = next;
  }
});
