import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  addAsyncGenHooks,
  getAsyncGenHandle,
  setAsyncGenHooks,
  type AddedAsyncGenHooks,
} from 'asyncgen-hooks';
import { keepAsyncContext, type KeepContextOptions } from 'asyncgen-hooks/context';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';
import { compile } from '../helpers/babel.js';
import { collectUntil } from '../helpers/gc.js';
import { load, type Gen } from '../helpers/generators.js';
import { run } from '../helpers/run.js';

const store = new AsyncLocalStorage<string>();
const read = (): string | undefined => store.getStore();

const keepers: { remove(): void }[] = [];
function keep(options?: KeepContextOptions): AddedAsyncGenHooks {
  const keeper = keepAsyncContext(options);
  keepers.push(keeper);
  return keeper;
}
afterEach(() => {
  for (const keeper of keepers.splice(0)) keeper.remove();
});

/** `seen(where)` is what a body calls at a place. */
const gen = (body: string, ...names: string[]): ((...args: unknown[]) => Gen) =>
  load(`module.exports = async function* gen(${['seen', ...names].join(', ')}) { ${body} }`);

/** What a body read, by the place where it did. */
function record(): { seen: (where: string) => void; lines: string[] } {
  const lines: string[] = [];
  return { lines, seen: (where) => lines.push(`${where}: ${read()}`) };
}

const PLACES = `
  seen('start');
  try {
    await null;
    seen('after await');
    yield 1;
    seen('after yield');
    await new Promise(setImmediate);
    seen('after a task');
    yield 2;
  } finally {
    seen('finally');
    await null;
    seen('finally after await');
  }`;
const IN_CALL = ['start', 'after await', 'after yield', 'after a task'].map((at) => `${at}: call`);
const FINALLY_IN_CALL = ['finally: call', 'finally after await: call'];

/** Each step is asked for in a context of its own. */
async function stepElsewhere(made: Gen, ...names: ('next' | 'return' | 'throw')[]): Promise<void> {
  for (const [i, name] of names.entries())
    await store.run(`step ${i}`, async () => {
      await made[name](new Error('asked for') as never).catch(() => {});
      expect(read()).toBe(`step ${i}`);
    });
}

describe('a body runs in the context of the call', () => {
  const cases = {
    'to its end': ['next', 'next', 'next'],
    'that is closed': ['next', 'next', 'return'],
    'that is thrown into': ['next', 'next', 'throw'],
  } as const;
  for (const [title, steps] of Object.entries(cases))
    test(`${title}, finally blocks included`, async () => {
      const { seen, lines } = record();
      keep();
      await stepElsewhere(store.run('call', gen(PLACES), seen), ...steps);
      expect(lines).toEqual([...IN_CALL, ...FINALLY_IN_CALL]);
    });

  test('natively in that of whoever asks for the step', async () => {
    const { seen, lines } = record();
    await stepElsewhere(store.run('call', gen(PLACES), seen), 'next', 'next', 'next');
    expect(lines).toEqual([
      'start: step 0',
      'after await: step 0',
      'after yield: step 1',
      'after a task: step 1',
      'finally: step 2',
      'finally after await: step 2',
    ]);
  });

  test('outside of any, too', async () => {
    const { seen, lines } = record();
    keep();
    await stepElsewhere(gen(PLACES)(seen), 'next', 'next', 'next');
    expect(lines.every((line) => line.endsWith(': undefined'))).toBe(true);
  });

  test('with steps that were asked for at once, from several contexts', async () => {
    const { seen, lines } = record();
    keep();
    const made = store.run('call', gen(PLACES), seen);
    const steps = ['a', 'b', 'c'].map((name) => store.run(name, () => made.next()));
    await Promise.all(steps);
    expect(lines).toEqual([...IN_CALL, ...FINALLY_IN_CALL]);
  });

  test('where its compiler has lowered it', async () => {
    const source = `module.exports = async function* gen(seen) { ${PLACES} }`;
    const plugins = ['asyncgen-hooks/babel', '@babel/plugin-transform-async-generator-functions'];
    const { seen, lines } = record();
    keep();
    const lowered = run(compile(source, { plugins, sourceType: 'script' })) as unknown;
    const made = store.run('call', lowered as (...args: unknown[]) => Gen, seen);
    await stepElsewhere(made, 'next', 'next', 'return');
    expect(lines).toEqual([...IN_CALL, ...FINALLY_IN_CALL]);
  });

  test('what a body itself runs elsewhere is there, and what it calls there', async () => {
    const { seen, lines } = record();
    const inner = gen(`seen('inner'); yield 1; seen('inner after yield');`);
    const outer = gen(
      `const made = store.run('own', () => inner(seen));
      yield* made;
      seen('outer');
      yield* inner(seen);`,
      'store',
      'inner',
    );
    keep();
    const made = store.run('call', outer, seen, store, inner);
    await stepElsewhere(made, 'next', 'next', 'next');
    expect(lines).toEqual([
      'inner: own',
      'inner after yield: own',
      'outer: call',
      'inner: call',
      'inner after yield: call',
    ]);
  });

  test('a body that fails does, and leaves the context of who asked', async () => {
    const { seen, lines } = record();
    keep();
    const made = store.run('call', gen(`yield 1; seen('throws'); throw new Error('own');`), seen);
    await store.run('step', async () => {
      await made.next();
      await expect(made.next()).rejects.toThrow('own');
      seen('consumer');
    });
    expect(lines).toEqual(['throws: call', 'consumer: step']);
  });

  test('what enterWith() sets holds until the next item, and before Node 24 longer if no await stands before it', async () => {
    keep();
    const seen = (where: string): void => store.enterWith(where);
    const made = store.run('call', () =>
      load(`module.exports = async function* gen(seen, read) {
        await null;
        seen('behind an await');
        yield read();
        yield read();
        seen('in a step');
        yield read();
        yield read();
      }`)(seen, read),
    ) as Gen;
    const items: unknown[] = [];
    for await (const item of made) items.push(item, read());
    const isPointer = Number.parseInt(process.versions.node, 10) >= 24;
    expect(items.filter((item) => item !== undefined)).toEqual([
      'behind an await',
      'call',
      'in a step',
      isPointer ? 'call' : 'in a step',
    ]);
    expect(items).toHaveLength(8);
  });

  test('the finally blocks of an abandoned one, which a tracker closes', async () => {
    const { seen, lines } = record();
    keep();
    const tracker = trackAsyncGens({ onAbandoned: () => {} });
    keepers.push({ remove: () => tracker[Symbol.dispose]() });
    const rows = gen(`try { yield 1; } finally { await null; seen('finally'); }`);
    await (() => {
      const made = store.run('call', rows, seen);
      return store.run('first step', () => made.next());
    })();
    await collectUntil(() => lines.length > 0);
    expect(lines).toEqual(['finally: call']);
  });
});

describe('which generators', () => {
  const BODY = `await null; yield 1; seen(read());`;
  const functions = load(`module.exports = {
    async *a(seen, read) { ${BODY} },
    b: async function* (seen, read) { ${BODY} },
  }`) as Record<'a' | 'b', (...args: unknown[]) => Gen>;

  async function seenBy(name: 'a' | 'b'): Promise<unknown> {
    const all: unknown[] = [];
    const made = store.run('call', functions[name], (one: unknown) => all.push(one), read);
    await stepElsewhere(made, 'next', 'next');
    return all[0];
  }

  test('of the functions that were named, and no others', async () => {
    keep({ functions: [functions.a] });
    expect([await seenBy('a'), await seenBy('b')]).toEqual(['call', 'step 1']);
  });

  test('of those that the filter takes, which is asked once for each function', async () => {
    const asked: string[] = [];
    keep({ filter: ({ name }) => asked.push(name) > 0 && name === 'b' });
    expect([await seenBy('a'), await seenBy('b')]).toEqual(['step 1', 'call']);
    expect([await seenBy('a'), await seenBy('b')]).toEqual(['step 1', 'call']);
    expect(asked).toEqual(['a', 'b']);
  });

  test('of those that are called before it is removed', async () => {
    const keeper = keep();
    const lines: unknown[] = [];
    const made = store.run('call', functions.a, (one: unknown) => lines.push(one), read);
    keeper.remove();
    await stepElsewhere(made, 'next', 'next');
    expect([...lines, await seenBy('a')]).toEqual(['call', 'step 1']);
  });

  for (const [title, options, message] of [
    ['an unknown option', { filters: 1 }, 'Did you mean "filter"?'],
    ['a filter that is none', { filter: 1 }, 'option "filter" is 1. Pass a function.'],
    ['functions that are no array', { functions: 1 }, 'option "functions" is 1. Pass an array'],
    ['a plain function', { functions: [() => {}] }, 'a function is no async generator function'],
    // It inherits a `prototype`, of no generator.
    [
      'a bound one',
      { functions: [gen('').bind(null)] },
      'Pass those that are compiled, and not bound',
    ],
  ] as const)
    test(`refuses ${title}`, () => {
      expect(() => keepAsyncContext(options as never)).toThrow(message);
    });
});

describe('beside other hooks', () => {
  test('hooks run where the program does, resume hooks outside of the context', async () => {
    const { seen, lines } = record();
    keep();
    const set = addAsyncGenHooks({
      firstiter: () => seen('firstiter'),
      resume(_gen, step, name) {
        seen(name);
        return step();
      },
      iter: () => void seen('iter'),
    });
    keepers.push(set);
    const made = store.run('call', gen(`yield 1; seen('body');`), seen);
    await stepElsewhere(made, 'next', 'next');
    expect(lines).toEqual([
      'firstiter: step 0',
      'next: step 0',
      'iter: call',
      'next: step 1',
      'body: call',
    ]);
  });

  test('a context that a hook has set stays, and takes each step until the end', async () => {
    const taken: unknown[] = [];
    const set = addAsyncGenHooks({
      init(_gen, handle) {
        handle.context = {
          runInAsyncScope(fn, self, ...args) {
            taken.push(getAsyncGenHandle(made)!.state);
            return fn.apply(self, args);
          },
        };
      },
    });
    keepers.push(set);
    keep();
    const made = gen(`yield 1;`)(() => {});
    await stepElsewhere(made, 'next', 'next', 'return');
    expect(taken).toEqual(['created', 'suspended']);
    expect(getAsyncGenHandle(made)).toMatchObject({ state: 'closed', context: undefined });
  });

  test('a step is the promise of the body: it settles no later', async () => {
    const order: string[] = [];
    const made = (): Gen => store.run('call', gen(`yield 1;`), () => {});
    const race = async (): Promise<void> => {
      const steps = [
        made()
          .next()
          .then(() => order.push('step')),
      ];
      let ticks = Promise.resolve();
      for (let i = 0; i < 5; i++) ticks = ticks.then(() => void order.push(`tick ${i}`));
      await Promise.all([...steps, ticks]);
    };
    await race();
    const natively = order.splice(0);
    keep();
    await race();
    expect(order).toEqual(natively);
  });

  test('none of it is left when it was removed', () => {
    keepAsyncContext().remove();
    expect(setAsyncGenHooks({}).init).toBe(null);
    expect(getAsyncGenHandle(gen('')())).toBe(undefined);
  });
});
