import { afterEach, describe, expect, test } from '@jest/globals';
import {
  addAsyncGenHooks,
  getAsyncGenHandle,
  setAsyncGenHooks,
  type AsyncGenHooks,
} from 'asyncgen-hooks';
import { collect, gen, load, make } from '../helpers/generators.js';
import { clearHooks, NO_HOOKS } from '../helpers/hooks.js';
import { warningsDuring } from '../helpers/warnings.js';

/** The sentences of docs/contract.md under "Which hooks", `init`, `firstiter` and `iter`. */

afterEach(clearHooks);

/** Notes each call of a hook, by the name of the set. */
function noting(record: unknown[], set = ''): AsyncGenHooks {
  const note =
    (hook: string) =>
    (...[, ...rest]: unknown[]): void =>
      void record.push(set ? `${hook} ${set}` : hook, ...(set ? [] : [rest.at(-1)]));
  return {
    init: note('init'),
    firstiter: note('firstiter'),
    iter: note('iter'),
    finalizer: note('finalizer'),
    resume: (_, step, name, handle) => {
      note(`resume ${name}`)(undefined, handle);
      return step();
    },
  };
}

test('5: the hooks are read in the first step, and hold to the end', async () => {
  const record: string[] = [];
  const items = make()(1, 2);
  setAsyncGenHooks(noting(record, 'before the first step'));
  await items.next();
  setAsyncGenHooks(noting(record, 'later'));
  const added = addAsyncGenHooks(noting(record, 'added later'));
  await collect(items);
  added.remove();
  expect(record).toEqual(
    ['firstiter', 'resume next', 'iter', 'resume next', 'iter', 'resume next', 'finalizer'].map(
      (hook) => `${hook} before the first step`,
    ),
  );
});

test('5: a generator that began while none was in force meets none', async () => {
  const record: string[] = [];
  const items = make()(1, 2);
  await items.next();
  setAsyncGenHooks(noting(record, 'later'));
  expect(await collect(items)).toEqual([2]);
  expect(record).toEqual([]);
});

test('5: nor does one that was called with an init hook in force, and began without', async () => {
  const record: string[] = [];
  setAsyncGenHooks(noting(record, 'first'));
  const items = make()(1, 2);
  setAsyncGenHooks(NO_HOOKS);
  await items.next();
  setAsyncGenHooks(noting(record, 'later'));
  await collect(items);
  expect(record).toEqual(['init first']);
});

test('6: in the order of setting and adding, whatever was set or added first', async () => {
  const record: string[] = [];
  const added = ['a', 'b'].map((set) => addAsyncGenHooks(noting(record, set)));
  setAsyncGenHooks(noting(record, 'slot'));
  await collect(make()(1));
  for (const set of added) set.remove();
  const hooks = ['init', 'firstiter', 'resume next', 'iter', 'resume next', 'finalizer'];
  expect(record).toEqual(
    hooks.flatMap((hook) => ['slot', 'a', 'b'].map((set) => `${hook} ${set}`)),
  );
});

test('7: a generator that is never iterated meets init alone', () => {
  const record: unknown[] = [];
  setAsyncGenHooks(noting(record));
  const items = make()(1);
  expect(record).toEqual(['init', getAsyncGenHandle(items)]);
});

test('8: every hook gets the generator and one handle', async () => {
  const seen: unknown[][] = [];
  setAsyncGenHooks({
    init: (...args) => void seen.push(args),
    firstiter: (...args) => void seen.push(args),
    iter: (generator, _value, handle) => void seen.push([generator, handle]),
    finalizer: (generator, _outcome, handle) => void seen.push([generator, handle]),
    resume: (generator, step, _name, handle) => {
      seen.push([generator, handle]);
      return step();
    },
  });
  const items = make()(1);
  await collect(items);
  const handle = getAsyncGenHandle(items);
  expect(handle).toBeDefined();
  expect(seen).toHaveLength(6);
  for (const each of seen) {
    expect(each).toHaveLength(2);
    expect(each[0]).toBe(items);
    expect(each[1]).toBe(handle);
  }
});

describe('init', () => {
  test('9: is called at the call, after the parameters, before the call returns', () => {
    const record: unknown[] = [];
    setAsyncGenHooks({ init: () => void record.push('init') });
    const call = load(
      `module.exports = async function* (record, a = record.push('parameter')) { record.push('body') }`,
    );
    call(record);
    record.push('returned');
    expect(record).toEqual(['parameter', 'init', 'returned']);
  });

  test('9: what it throws, the call throws; hooks behind it are not called', () => {
    const record: unknown[] = [];
    const error = new RangeError('init');
    setAsyncGenHooks({
      init: () => {
        throw error;
      },
    });
    const added = addAsyncGenHooks({ init: () => void record.push('behind') });
    expect(() => make(record)(1)).toThrow(error);
    added.remove();
    expect(record).toEqual([]);
  });

  test('9: a call whose parameters throw meets none', () => {
    const record: unknown[] = [];
    setAsyncGenHooks({ init: () => void record.push('init') });
    const call = load(`module.exports = async function* ({ a }) {}`);
    expect(() => call()).toThrow(TypeError);
    expect(record).toEqual([]);
  });
});

describe('firstiter', () => {
  test.each(['next', 'return', 'throw'] as const)(
    '10: is called in the first step, %s(), before the body, and once',
    async (name) => {
      const record: unknown[] = [];
      setAsyncGenHooks({ firstiter: () => void record.push('firstiter') });
      const items = make(record)(1);
      const step = items[name]('given').catch((error) => error);
      record.push('asked');
      await step;
      await items.next();
      const body = name === 'next' ? ['body'] : [];
      const end = name === 'next' ? ['finally'] : [];
      expect(record).toEqual(['firstiter', ...body, 'asked', ...end]);
    },
  );

  test.each(['next', 'return', 'throw'] as const)(
    '11: if it throws, %s() rejects with that and does nothing else; the next step is the first',
    async (name) => {
      const record: unknown[] = [];
      const error = new Error('firstiter');
      let calls = 0;
      setAsyncGenHooks({
        firstiter: () => {
          calls++;
          throw error;
        },
        finalizer: (_, outcome) => void record.push(outcome),
      });
      const items = make(record)(1);
      await expect(items[name]('given')).rejects.toBe(error);
      expect(record).toEqual([]);
      expect(await items.next('lost')).toEqual({ value: 1, done: false });
      expect(await items.return('end')).toEqual({ value: 'end', done: true });
      expect(record).toEqual(['body', 'finally', { type: 'closed', value: 'end' }]);
      expect(calls).toBe(1);
    },
  );

  test('11: all are called; the first error is that of the step, the others are reported', async () => {
    const record: unknown[] = [];
    const failing = (name: string): Partial<AsyncGenHooks> => ({
      firstiter: () => {
        record.push(name);
        throw new Error(name);
      },
    });
    const warnings = await warningsDuring(async () => {
      setAsyncGenHooks(failing('slot'));
      const added = ['a', 'b'].map((name) => addAsyncGenHooks(failing(name)));
      await expect(make()(1).next()).rejects.toThrow('slot');
      for (const set of added) set.remove();
    });
    expect(record).toEqual(['slot', 'a', 'b']);
    expect(warnings.map(({ code, cause }) => [code, cause.message])).toEqual([
      ['ERR_ASYNCGEN_HOOK', 'a'],
      ['ERR_ASYNCGEN_HOOK', 'b'],
    ]);
  });
});

describe('iter', () => {
  const items = gen(`
    yield 1;
    yield Promise.resolve(2);
    yield { then(done) { done(3); } };
    yield* [4, Promise.resolve(5)];
    yield* (async function* () { yield 6; yield Promise.resolve(7); return 'unseen'; })();
    yield* args[0]();
    return 'unseen';`);
  const foreign = (): AsyncIterable<number> =>
    new Function('return async function* () { yield 8; yield Promise.resolve(9); }')()();

  test('12: sees each item before the consumer has it, and what promises bring', async () => {
    const record: unknown[] = [];
    const outer = items(foreign);
    setAsyncGenHooks({
      iter: (generator, value) => {
        if (generator === outer) record.push(`hook ${value}`);
      },
    });
    for await (const value of outer as AsyncIterable<unknown>) record.push(`consumer ${value}`);
    expect(record).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9].flatMap((value) => [`hook ${value}`, `consumer ${value}`]),
    );
  });

  test('13: what it returns takes the place of the item, in a pipe; undefined keeps it', async () => {
    const added = [
      addAsyncGenHooks({
        iter: (_, value) => (value === 2 ? undefined : Promise.resolve(`${value}a`)),
      }),
      addAsyncGenHooks({
        iter: (_, value) => ({ then: (done: any) => done(`${value}b`) }) as never,
      }),
      addAsyncGenHooks({ iter: () => Promise.resolve(undefined) }),
      addAsyncGenHooks({ iter: (_, value) => `${value}c` }),
    ];
    setAsyncGenHooks({ iter: (_, value) => value });
    const seen = await collect(make()(1, 2));
    for (const set of added) set.remove();
    expect(seen).toEqual(['1abc', '2bc']);
  });

  test.each(['yield 1', 'yield* [1]', 'yield* args[0]()'])(
    '13: null, false and 0 take the place of the item of %s',
    async (body) => {
      for (const answer of [null, false, 0]) {
        setAsyncGenHooks({ iter: () => answer });
        expect(await collect(gen(body)(foreign))).toEqual(
          body.includes('args') ? [answer, answer] : [answer],
        );
      }
    },
  );

  test('14: no item is given for one that it refuses; the next step finds the body behind', async () => {
    setAsyncGenHooks({
      iter: (_, value, handle) => {
        if (value === 1) throw new Error(`of ${handle.items}`);
      },
    });
    const it = gen('try { yield 1 } catch (e) { yield e.message } yield 2')();
    expect(await it.next()).toEqual({ value: 'of 0', done: false });
    expect(getAsyncGenHandle(it)!.items).toBe(1);
    expect(await it.next()).toEqual({ value: 2, done: false });
  });

  test('15: items of an inner generator meet its own hooks first, then those of the outer one', async () => {
    const record: string[] = [];
    const { outer, inner, middle } = load(`
      async function* inner() { yield 'x'; }
      async function* middle(it) { yield* it; }
      async function* outer(it) { yield* it; }
      module.exports = { outer, middle, inner };`);
    const begin = (name: string): void =>
      void setAsyncGenHooks({
        iter: (_, value, { site }) => {
          record.push(`${name} at ${site.name}`);
          return `${value} ${name}`;
        },
      });
    const its = [inner()];
    its.push(middle(its[0]));
    its.push(outer(its[1]));
    // Each reads the hooks in its first step, and that of the innermost is the last.
    setAsyncGenHooks({
      firstiter: (_, { site }) => begin(`hook of ${site.name === 'outer' ? 'middle' : 'inner'}`),
      iter: (_, value, { site }) => {
        record.push(`hook of outer at ${site.name}`);
        return `${value} outer`;
      },
    });
    expect(await its[2].next()).toEqual({
      value: 'x hook of inner hook of middle outer',
      done: false,
    });
    expect(record).toEqual([
      'hook of inner at inner',
      'hook of middle at middle',
      'hook of outer at outer',
    ]);
  });
});
