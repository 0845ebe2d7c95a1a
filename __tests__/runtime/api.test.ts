import { afterEach, describe, expect, test } from '@jest/globals';
import {
  addAsyncGenHooks,
  describeAsyncGen,
  getAsyncGenHandle,
  getAsyncGenHooks,
  setAsyncGenHooks,
  type AsyncGenHandle,
  type AsyncGenHooks,
} from 'asyncgen-hooks';
import { collectUntil } from '../helpers/gc.js';
import { collect, load, make } from '../helpers/generators.js';
import { clearHooks, NO_HOOKS } from '../helpers/hooks.js';

afterEach(clearHooks);

describe('getAsyncGenHooks', () => {
  test('gives five fields, null at first, in a fresh plain record', () => {
    expect(getAsyncGenHooks()).toEqual(NO_HOOKS);
    expect(Object.getPrototypeOf(getAsyncGenHooks())).toBe(Object.prototype);
    expect(getAsyncGenHooks()).not.toBe(getAsyncGenHooks());
  });

  test('a change of the record changes nothing until it is set', async () => {
    const record: unknown[] = [];
    const hooks = getAsyncGenHooks();
    hooks.iter = (_, value) => void record.push(value);
    await collect(make()(1));
    expect(record).toEqual([]);
    setAsyncGenHooks(hooks);
    hooks.iter = null;
    await collect(make()(2));
    expect(record).toEqual([2]);
  });
});

describe('setAsyncGenHooks', () => {
  test('sets the fields given, keeps the others, clears with null, returns the record before', () => {
    const init = (): void => {};
    const iter = (): void => {};
    expect(setAsyncGenHooks({ init })).toEqual(NO_HOOKS);
    expect(setAsyncGenHooks({ iter, finalizer: undefined as never })).toEqual({
      ...NO_HOOKS,
      init,
    });
    expect(setAsyncGenHooks({ init: null })).toEqual({ ...NO_HOOKS, init, iter });
    expect(getAsyncGenHooks()).toEqual({ ...NO_HOOKS, iter });
  });

  test.each([
    [undefined, 'setAsyncGenHooks() got undefined. Pass an object of hooks.'],
    ['iter', 'setAsyncGenHooks() got the string "iter". Pass an object of hooks.'],
    [[], 'setAsyncGenHooks() got an array. Pass an object of hooks.'],
    [() => 'x', 'setAsyncGenHooks() got a function. Pass an object of hooks.'],
    [
      { iter: 5 },
      'setAsyncGenHooks(): iter is the number 5. Pass a function, or null to clear it.',
    ],
    [{ init: [] }, 'setAsyncGenHooks(): init is an array. Pass a function, or null to clear it.'],
    [
      { finaliser() {} },
      '"finaliser" is not a hook. Did you mean "finalizer"? The hooks are firstiter, iter, finalizer, init, resume.',
    ],
    [
      { firstIter() {} },
      '"firstIter" is not a hook. Did you mean "firstiter"? The hooks are firstiter, iter, finalizer, init, resume.',
    ],
    [
      { onEnd() {} },
      '"onEnd" is not a hook. The hooks are firstiter, iter, finalizer, init, resume.',
    ],
  ])('refuses %p and changes nothing', (hooks, message) => {
    const iter = (): void => {};
    setAsyncGenHooks({ iter });
    let error: any;
    try {
      const isRecord = typeof hooks === 'object' && !Array.isArray(hooks);
      setAsyncGenHooks((isRecord ? { init: () => {}, ...hooks } : hooks) as never);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TypeError);
    expect(error.code).toBe('ERR_ASYNCGEN_HOOKS');
    expect(error.message).toContain(message);
    expect(getAsyncGenHooks()).toEqual({ ...NO_HOOKS, iter });
  });
});

describe('addAsyncGenHooks', () => {
  test('calls the slot first, then the added sets in the order of adding', async () => {
    const record: string[] = [];
    const set = (name: string): Partial<AsyncGenHooks> => ({
      init: () => void record.push(`init ${name}`),
      firstiter: () => void record.push(`firstiter ${name}`),
      iter: (_, value) => `${value} ${name}`,
      finalizer: () => void record.push(`finalizer ${name}`),
      resume: (_, step) => {
        record.push(`enter ${name}`);
        const result = step();
        record.push(`leave ${name}`);
        return result;
      },
    });
    const a = addAsyncGenHooks(set('a'));
    const b = addAsyncGenHooks(set('b'));
    setAsyncGenHooks(set('slot'));
    const gen = make()('item');
    expect((await gen.next()).value).toBe('item slot a b');
    expect(record.splice(0)).toEqual([
      ...['init slot', 'init a', 'init b'],
      ...['firstiter slot', 'firstiter a', 'firstiter b'],
      ...['enter slot', 'enter a', 'enter b', 'leave b', 'leave a', 'leave slot'],
    ]);
    a.remove();
    a.remove();
    const later = make()('later');
    expect((await later.next()).value).toBe('later slot b');
    record.length = 0;
    await gen.return(undefined);
    expect(record.slice(-3)).toEqual(['finalizer slot', 'finalizer a', 'finalizer b']);
    b[Symbol.dispose ?? (Symbol.for('Symbol.dispose') as never)]();
    setAsyncGenHooks(NO_HOOKS);
    await later.return(undefined);
    record.length = 0;
    await collect(make()(1));
    expect(record).toEqual([]);
  });

  test('refuses what setAsyncGenHooks refuses', () => {
    expect(() => addAsyncGenHooks({ itr() {} } as never)).toThrow(
      '"itr" is not a hook. The hooks are',
    );
  });
});

describe('describeAsyncGen', () => {
  test('gives name, file, line and column of the generator function', () => {
    const { a, b, c } = load(`exports.a = async function* () {};
exports.b = { async *[Symbol.asyncIterator]() {} }[Symbol.asyncIterator];
  async function* c() {}
exports.c = c;`);
    const file = 'src/input.js';
    expect(describeAsyncGen(a())).toEqual({ name: '', file, line: 1, column: 12 });
    expect(describeAsyncGen(b())).toEqual({
      name: '[Symbol.asyncIterator]',
      file,
      line: 2,
      column: 14,
    });
    expect(describeAsyncGen(c())).toEqual({ name: 'c', file, line: 3, column: 2 });
  });

  test.each([undefined, null, 5, 'x', {}, () => {}, (async function* () {})()])(
    'gives undefined for what is not ours',
    (value) => expect(describeAsyncGen(value)).toBe(undefined),
  );
});

test('the program of the seed prints 0 to 4', async () => {
  const { default: main } = load(`
    const { getAsyncGenHooks, setAsyncGenHooks } = require('asyncgen-hooks');
    async function* asyncGenerator() { for (let i = 0; i < 5; i++) yield i; }
    exports.default = async (print) => {
      const hook = getAsyncGenHooks();
      hook.iter = (generator, value) => { print(\`Value generated: \${value}\`); return value; };
      setAsyncGenHooks(hook);
      for await (const item of asyncGenerator());
    };`);
  const lines: string[] = [];
  await main((line: string) => lines.push(line));
  expect(lines).toEqual([0, 1, 2, 3, 4].map((i) => `Value generated: ${i}`));
});

describe('getAsyncGenHandle', () => {
  test.each(['iter', 'finalizer', 'resume'] as const)(
    'leads to the generator itself, with nothing but %s in force',
    async (name) => {
      const hooks = {
        iter: () => {},
        finalizer: () => {},
        resume: (_: unknown, step: () => unknown) => step(),
      };
      setAsyncGenHooks({ [name]: hooks[name] });
      const gen = make()(1, 2);
      await gen.next();
      const handle = getAsyncGenHandle(gen)!;
      expect(handle.generator()).toBe(gen);
      expect(getAsyncGenHandle(handle.generator())).toBe(handle);
      expect(await handle.generator()!.return(3)).toEqual({ value: 3, done: true });
    },
  );

  test('keeps nothing of a generator that has ended; its facts stay', async () => {
    setAsyncGenHooks({ finalizer: () => {} });
    const handle = await (async () => {
      const gen = make()(1);
      await gen.next();
      await gen.return(undefined);
      return getAsyncGenHandle(gen)!;
    })();
    await collectUntil(() => handle.generator() === undefined);
    expect([handle.state, handle.items, handle.parked]).toEqual(['closed', 1, undefined]);
    expect(handle.site.name).toBe('items');
    expect(await handle.step('next')).toEqual({ value: undefined, done: true });
  });

  test('leads to a generator over the same body once the program has dropped the first', async () => {
    const record: unknown[] = [];
    let handle!: AsyncGenHandle;
    let isAbandoned = false;
    setAsyncGenHooks({
      firstiter: (_, given) => void (handle = given),
      finalizer: () => void (isAbandoned = true),
    });
    await make(record)(1, 2).next();
    await collectUntil(() => isAbandoned);
    const other = handle.generator()!;
    expect(handle.generator()).toBe(other);
    expect(getAsyncGenHandle(other)).toBe(handle);
    expect(await other.next()).toEqual({ value: 2, done: false });
    expect(await other.return(3)).toEqual({ value: 3, done: true });
    expect(record).toEqual(['body', 'finally']);
  });

  test('that steps is not led astray by what the program put in the place of a method', async () => {
    setAsyncGenHooks({ finalizer: () => {} });
    const gen = make()(1, 2);
    await gen.next();
    gen.next = () => Promise.reject(new Error('of the program'));
    expect(await getAsyncGenHandle(gen)!.step('next')).toEqual({ value: 2, done: false });
  });

  test('is there while any hook is; what is not ours, or quiet, has none', async () => {
    const [quiet, created, foreign] = [make()(1), make()(1), (async function* () {})()];
    await quiet.next();
    setAsyncGenHooks({ firstiter: () => {} });
    const begun = make()(1);
    await begun.next();
    await quiet.next();
    expect(getAsyncGenHandle(begun)!.generator()).toBe(begun);
    for (const other of [quiet, created, foreign, {}, null, 5])
      expect(getAsyncGenHandle(other)).toBe(undefined);
  });
});
