import { afterEach, describe, expect, test } from '@jest/globals';
import { setAsyncGenHooks, type AsyncGenHooks } from 'asyncgen-hooks';
import { compileHooked } from '../helpers/babel.js';
import { make, type Gen } from '../helpers/generators.js';
import { clearHooks } from '../helpers/hooks.js';
import { run } from '../helpers/run.js';

/** The sentences of docs/contract.md under "Steps", by their numbers. */

afterEach(clearHooks);

type StepCall = readonly ['next' | 'return' | 'throw', unknown?];

interface Settled {
  /** In microtasks from the first step on. */
  readonly at: number;
  readonly step: number;
  readonly result: unknown;
}

/** Takes all steps at once, or each in the reaction to the one before. */
async function settle(gen: Gen, steps: readonly StepCall[], isQueued: boolean): Promise<Settled[]> {
  const settled: Settled[] = [];
  let at = 0;
  let open = steps.length;
  const take = (step: number): void => {
    const [name, value] = steps[step]!;
    const note = (result: unknown): void => {
      settled.push({ at, step, result });
      open--;
      if (!isQueued && step + 1 < steps.length) take(step + 1);
    };
    // What a program sees of the step is the promise itself: its reactions are what is counted.
    void gen[name](value).then(note, (error: unknown) => note({ error }));
  };
  if (isQueued) for (const step of steps.keys()) take(step);
  else take(0);
  for (; open > 0; at++) {
    if (at === 200) throw new Error('a step did not settle in 200 microtasks.');
    await null;
  }
  return settled;
}

const HEAD = `
  const error = 'mine';
  const foreign = new Function('return async function* () { yield 1; yield 2; return 3 }')();
  const thenable = { then(done) { done('brought'); } };
  const bare = (methods) => ({
    [Symbol.asyncIterator]() {
      let n = 0;
      const step = (name) => methods[name] && (() => methods[name](++n));
      return { next: step('next'), get return() { return step('return') }, throw: step('throw') };
    },
  });
  async function* inner() { try { yield 1; yield 2; return 3 } finally { await null } }
`;

/** `late` ones may take a microtask more for each item, where an `iter` hook is in force. */
const BODIES: Record<string, { body: string; late?: true }> = {
  'nothing in it': { body: '' },
  'a yield without a value': { body: 'yield; yield' },
  'plain items and a return': { body: 'yield 1; yield 2; return 3' },
  'a return without a value': { body: 'yield 1; return;' },
  'a return of a promise': { body: 'yield 1; return Promise.resolve(2)' },
  'a return of a rejected promise': { body: 'yield 1; return Promise.reject(error)' },
  'awaits between': { body: 'yield await 1; await null; yield 2; await null' },
  'a throw': { body: 'yield 1; throw error' },
  'a throw at once': { body: 'throw error' },
  'a yield in finally': { body: 'try { yield 1; return 2 } finally { await null; yield 3 }' },
  'a return in finally': { body: 'try { yield 1; yield 2 } finally { return 3 }' },
  'a throw in finally': { body: 'try { yield 1; yield 2 } finally { throw error }' },
  'a catch that goes on': { body: 'try { yield 1 } catch (e) { yield [e] } yield 2' },
  'a yield of a promise': { body: 'yield Promise.resolve(1); yield 2', late: true },
  'a yield of a rejected promise': {
    body: 'try { yield Promise.reject(error) } catch (e) { yield [e] }',
    late: true,
  },
  'a yield of a thenable': { body: 'yield thenable; yield thenable', late: true },
  'yield* over a generator of ours': { body: 'return yield* inner()' },
  'yield* over one of ours that has begun': {
    body: 'const it = inner(); await it.next(); return yield* it',
  },
  'yield* over yield*': { body: 'yield* (async function* () { yield* inner() })(); yield 3' },
  'yield* over a foreign generator': { body: 'return yield* foreign()', late: true },
  'yield* over an iterator whose steps are no promises': {
    body: 'yield* bare({ next: (n) => ({ done: n > 2, value: n }) })',
  },
  'yield* over one whose results and last value tell when their then is read': {
    body: `const told = []; const tells = (rest) => ({ ...rest, get then() { told.push(rest.value) } });
      try { yield* bare({ next: (n) => tells({ done: n > 1, value: n }), get return() { told.push('return') } }) }
      finally { yield told.join() }`,
  },
  'yield* over one whose results throw when they are read': {
    body: `const fails = { get done() { throw error } };
      try { yield* bare({ next: () => fails }) } catch (e) { yield [e] }`,
  },
  'yield* over an array': { body: 'yield* [1, 2]; yield 3' },
  'yield* over an array of promises': {
    body: 'yield* [Promise.resolve(1), Promise.resolve(2)]',
    late: true,
  },
  'yield* over an array with a rejected promise': {
    body: 'try { yield* [Promise.reject(error), 2] } catch (e) { yield [e] }',
    late: true,
  },
  'yield* over a sync iterator whose value has a then that cannot be read': {
    body: `const asked = []; const fails = { get then() { asked.push('then'); throw error } };
      const it = { next: () => ({ done: false, value: fails }), return: () => (asked.push('return'), {}) };
      try { yield* { [Symbol.iterator]: () => it } } catch (e) { yield [e, asked.join()] }`,
    late: true,
  },
  'yield* over a sync generator': { body: 'return yield* (function* () { yield 1; return 2 })()' },
  'for await over a generator of ours': { body: 'for await (const x of inner()) yield x' },
  'for await over an array': { body: 'for await (const x of [1, 2]) { yield x; break }' },
};

const PLANS: Record<string, readonly StepCall[]> = {
  'next to the end': [['next'], ['next', 'sent'], ['next'], ['next']],
  'return() at a yield': [['next'], ['return', 'given'], ['next'], ['next']],
  'return(promise) at a yield': [['next'], ['return', Promise.resolve('given')], ['next']],
  'throw() at a yield': [['next'], ['throw', 'given'], ['next'], ['next']],
  'return() before the start': [['return', 'given'], ['next']],
  'throw() before the start': [['throw', 'given'], ['next']],
};

const HOOKS: Record<string, Partial<AsyncGenHooks>> = {
  'no hook': {},
  'a finalizer': { finalizer: () => {} },
  'init, firstiter and a finalizer': { init: () => {}, firstiter: () => {}, finalizer: () => {} },
  iter: { iter: (_, value) => value },
};

describe.each(Object.entries(BODIES))('2: %s', (_, { body, late }) => {
  const source = `${HEAD} module.exports = async function* () { ${body} }`;
  const native: () => Gen = run(source);
  const hooked: () => Gen = run(compileHooked(source, { sourceType: 'script' }));

  test.each(Object.entries(HOOKS))(
    'settles in the microtask that it settles in natively, with %s in force',
    async (name, hooks) => {
      for (const [plan, steps] of Object.entries(PLANS)) {
        for (const isQueued of [true, false]) {
          const expected = await settle(native(), steps, isQueued);
          setAsyncGenHooks(hooks);
          const seen = await settle(hooked(), steps, isQueued);
          clearHooks();
          const of = { plan, isQueued };
          if (!late || name !== 'iter') {
            expect({ of, seen }).toEqual({ of, seen: expected });
            continue;
          }
          const withoutTime = (all: Settled[]) => all.map(({ step, result }) => ({ step, result }));
          expect({ of, seen: withoutTime(seen) }).toEqual({ of, seen: withoutTime(expected) });
          seen.forEach(({ at }, i) => {
            expect(at).toBeGreaterThanOrEqual(expected[i]!.at);
            expect(at - expected[i]!.at).toBeLessThanOrEqual(i + 1);
          });
        }
      }
    },
  );
});

const { prototype } = Object.getPrototypeOf(async function* () {});

test.each(Object.entries(HOOKS))(
  '1: with %s in force a step is the promise that the step of the body gives',
  async (_, hooks) => {
    setAsyncGenHooks(hooks);
    const taken: unknown[] = [];
    const native = { ...Object.getOwnPropertyDescriptors(prototype) };
    for (const name of ['next', 'return', 'throw'] as const) {
      prototype[name] = function (value: unknown) {
        taken.push(native[name]!.value.call(this, value));
        return taken.at(-1);
      };
    }
    try {
      for (const steps of Object.values(PLANS)) {
        const gen = make()(1, 2);
        for (const [name, value] of steps) {
          taken.length = 0;
          const step = gen[name](value);
          step.catch(() => {});
          expect(taken).toEqual([step]);
          expect(taken[0]).toBe(step);
          await step.catch(() => {});
        }
      }
    } finally {
      Object.defineProperties(prototype, native);
    }
  },
);

test.each(Object.entries(HOOKS))(
  '4: with %s in force the body begins in the first next(), synchronously, and not before',
  (_, hooks) => {
    setAsyncGenHooks(hooks);
    const record: unknown[] = [];
    const gen = make(record)(1);
    expect(record).toEqual([]);
    void gen.next();
    expect(record).toEqual(['body']);
  },
);
