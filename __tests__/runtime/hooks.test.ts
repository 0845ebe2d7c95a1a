import { afterEach, describe, expect, test } from '@jest/globals';
import { addAsyncGenHooks, setAsyncGenHooks } from 'asyncgen-hooks';
import { collect, load, make, type Gen } from '../helpers/generators.js';
import { clearHooks, NO_HOOKS } from '../helpers/hooks.js';
import { warningsDuring } from '../helpers/warnings.js';

afterEach(clearHooks);

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

  test('that throws has the body closed, then the step rejects', async () => {
    const record: unknown[] = [];
    const error = new Error('iter');
    setAsyncGenHooks({
      iter: () => {
        throw error;
      },
      finalizer: (_, outcome) => void record.push(outcome),
    });
    const gen = make(record)(1, 2);
    await expect(gen.next()).rejects.toBe(error);
    expect(record).toEqual(['body', 'finally', { type: 'failed', error }]);
    expect(await gen.next()).toEqual({ value: undefined, done: true });
  });

  test.each([
    ['fails', () => Promise.reject(new Error('resume'))],
    ['never calls step()', () => Promise.resolve()],
  ])('that throws has the body closed, also where the resume hook %s', async (_, fail) => {
    const record: unknown[] = [];
    setAsyncGenHooks({
      iter: () => {
        throw new Error('iter');
      },
      finalizer: (_gen, { type }) => void record.push(type),
      resume: (_gen, step, name) => (name === 'return' ? fail() : step()),
    });
    const gen = make(record)(1, 2);
    const warnings = await warningsDuring(() => expect(gen.next()).rejects.toThrow('iter'));
    expect(record).toEqual(['body', 'finally', 'failed']);
    expect(await gen.next()).toEqual({ value: undefined, done: true });
    expect(warnings.map(({ code }) => code)).toEqual(['ERR_ASYNCGEN_HOOK']);
  });

  test('that throws closes a body that yields in finally: that one is closed, and has not failed', async () => {
    const outcomes: string[] = [];
    setAsyncGenHooks({
      iter: (_, value) => {
        if (value === 1) throw new Error('iter');
      },
      finalizer: (_, { type }) => void outcomes.push(type),
    });
    const gen = load(
      'module.exports = async function* () { try { yield 1; } finally { yield 2; } }',
    )();
    await expect(gen.next()).rejects.toThrow('iter');
    expect(outcomes).toEqual([]);
    expect(await gen.next()).toEqual({ value: undefined, done: true });
    expect(outcomes).toEqual(['closed']);
  });

  test('that throws ends the steps that were queued behind', async () => {
    setAsyncGenHooks({
      iter: () => {
        throw new Error('iter');
      },
    });
    const gen = make()(1, 2, 3);
    const steps = await Promise.allSettled([gen.next(), gen.next(), gen.next()]);
    expect(steps.map((step) => (step as any).value ?? (step as any).reason.message)).toEqual([
      'iter',
      { value: undefined, done: true },
      { value: undefined, done: true },
    ]);
  });

  test('that throws keeps the order where another Promise stands in the place of the native one', async () => {
    const { Promise: native } = globalThis;
    const settled: unknown[] = [];
    setAsyncGenHooks({
      iter: (_, value) => {
        if (value === 2) throw new Error('iter');
      },
    });
    const gen: Gen = load(`module.exports = async function* () {
      try { yield 1; yield 2; yield 3; } finally { await null; await null; await null; }
    }`)();
    globalThis.Promise = class Other<T> extends native<T> {} as PromiseConstructor;
    try {
      await native.all(
        [gen.next(), gen.next(), gen.next(), gen.return('returned')].map((step) =>
          step.then(
            ({ value }) => settled.push(value),
            ({ message }) => settled.push(message),
          ),
        ),
      );
    } finally {
      globalThis.Promise = native;
    }
    expect(settled).toEqual([1, 'iter', undefined, 'returned']);
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
