import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach, expect, test } from '@jest/globals';
import {
  addAsyncGenHooks,
  getAsyncGenHandle,
  setAsyncGenHooks,
  type AsyncGenHooks,
} from 'asyncgen-hooks';
import { collect, load, make, type Gen } from '../helpers/generators.js';
import { clearHooks } from '../helpers/hooks.js';

afterEach(clearHooks);

test('is called around every step and may change nothing', async () => {
  const record: unknown[] = [];
  setAsyncGenHooks({
    resume: (_, step) => {
      record.push('in');
      const result = step();
      record.push('out');
      return result;
    },
  });
  expect(await collect(make(record)(1))).toEqual([1]);
  expect(record).toEqual(['in', 'body', 'out', 'in', 'out', 'finally']);
});

test('gives the body an AsyncLocalStorage context', async () => {
  const storage = new AsyncLocalStorage<string>();
  const gen: Gen = load(`module.exports = async function* (storage) {
    yield storage.getStore();
    await null;
    yield storage.getStore();
  }`)(storage);
  setAsyncGenHooks({ resume: (_, step) => storage.run('inside', step) });
  expect(await storage.run('outside', () => collect(gen))).toEqual(['inside', 'inside']);
});

test('that throws before step() makes the step reject; the body is as it was', async () => {
  const record: unknown[] = [];
  let fail = true;
  const seen: unknown[] = [];
  setAsyncGenHooks({
    resume: (_, step) => {
      if (fail) throw new Error('resume');
      return step();
    },
    finalizer: (_, outcome) => void seen.push(outcome.type),
  });
  const gen = make(record)(1);
  await expect(gen.next()).rejects.toThrow('resume');
  expect([record, seen]).toEqual([[], []]);
  fail = false;
  expect(await collect(gen)).toEqual([1]);
  expect(seen).toEqual(['exhausted']);
});

test('that throws after step() makes the step reject; the end of the body is seen', async () => {
  const seen: unknown[] = [];
  setAsyncGenHooks({
    resume: (_, step) => {
      step();
      throw new Error('resume');
    },
    finalizer: (_, outcome) => void seen.push(outcome.type),
  });
  const gen = make()(1);
  await expect(gen.next()).rejects.toThrow('resume');
  expect(seen).toEqual([]);
  await expect(gen.next()).rejects.toThrow('resume');
  expect(seen).toEqual(['exhausted']);
});

test('that fails while return() waits in a finally block leaves the outcome as it is', async () => {
  const outcomes: unknown[] = [];
  setAsyncGenHooks({
    finalizer: (_, outcome) => void outcomes.push(outcome),
    resume: async (_, step, name) => {
      await step();
      if (name === 'return') throw new Error('resume');
    },
  });
  const gen: Gen = load(`module.exports = async function* () {
    try {
      yield 1;
    } finally {
      yield 2;
    }
  }`)();
  await gen.next();
  await expect(gen.return(3)).rejects.toThrow('resume');
  await gen.next();
  expect(outcomes).toEqual([{ type: 'closed', value: 3 }]);
});

test('that rejects later makes the step reject; the body lives on', async () => {
  const seen: unknown[] = [];
  let fail = true;
  setAsyncGenHooks({
    resume: async (_, step) => {
      const result = await step();
      if (fail) throw new Error('resume');
      return result;
    },
    finalizer: (_, outcome) => void seen.push(outcome.type),
  });
  const gen = make()(1, 2);
  await expect(gen.next()).rejects.toThrow('resume');
  expect(seen).toEqual([]);
  fail = false;
  expect(await collect(gen)).toEqual([2]);
  expect(seen).toEqual(['exhausted']);
});

test('that is async and fails before step() makes the step reject with its error', async () => {
  const record: unknown[] = [];
  setAsyncGenHooks({ resume: () => Promise.reject(new Error('early')) });
  await expect(make(record)(1).next()).rejects.toThrow('early');
  expect(record).toEqual([]);
});

test('that calls step() after it returned is told so; the body is as it was', async () => {
  const record: unknown[] = [];
  setAsyncGenHooks({
    resume: async (_, step) => {
      await null;
      return step();
    },
  });
  await expect(make(record)(1).next()).rejects.toThrow('called step() after it had returned');
  expect(record).toEqual([]);
});

test('that is async and forgets to return the result loses nothing', async () => {
  setAsyncGenHooks({
    resume: async (_, step) => {
      await step();
    },
  });
  expect(await collect(make()(1, 2))).toEqual([1, 2]);
});

test.each([
  ['never', () => {}, 'returned without having called step()'],
  [
    'twice',
    (_: unknown, step: () => unknown) => {
      step();
      step();
    },
    'called step() twice',
  ],
] as const)('has to call step() once: %s', async (_, resume, message) => {
  setAsyncGenHooks({ resume });
  const error: any = await make()(1)
    .next()
    .catch((reason) => reason);
  expect([error.code, error.message.includes(message)]).toEqual(['ERR_ASYNCGEN_RESUME', true]);
});

test.each([
  ['alone', {}],
  ['beside other hooks', { iter: () => {}, finalizer: () => {} }],
])(
  '26: that fails while the body is at work on the step before rejects at once, %s',
  async (_, hooks) => {
    let steps = 0;
    setAsyncGenHooks({
      ...hooks,
      resume: (_gen, step) => {
        if (steps++ === 1) throw new Error('second');
        return step();
      },
    });
    let open!: (value: number) => void;
    const gate = new Promise<number>((resolve) => (open = resolve));
    const gen: Gen = load('module.exports = async function* (gate) { yield await gate; }')(gate);
    const settled: unknown[] = [];
    const asked = [gen.next(), gen.next(), gen.next()].map((step) =>
      step.then(
        ({ value }) => settled.push(value),
        ({ message }) => settled.push(message),
      ),
    );
    for (let i = 0; i < 50; i++) await null;
    expect(settled).toEqual(['second']);
    open(1);
    await Promise.all(asked);
    expect(settled).toEqual(['second', 1, undefined]);
  },
);

test('25: a promise of its own takes the place of the step, in its own time and order', async () => {
  const settled: unknown[] = [];
  let calls = 0;
  setAsyncGenHooks({
    resume: async (_, step) => {
      const call = calls++;
      const result = step();
      if (call === 0) for (let i = 0; i < 20; i++) await null;
      if (call === 1) throw new Error('resume');
      return result;
    },
  });
  const gen = make()(1, 2, 3);
  await Promise.all(
    [gen.next(), gen.next(), gen.next()].map((step) =>
      step.then(
        ({ value }) => settled.push(value),
        (error) => settled.push(error.message),
      ),
    ),
  );
  expect(settled).toEqual(['resume', 3, 1]);
});

test('25: what a hook returns of step(), or nothing, is the step itself', async () => {
  const steps: unknown[] = [];
  for (const answer of [(step: unknown) => step, () => {}]) {
    setAsyncGenHooks({
      resume: (_, step) => {
        steps.push(step());
        return answer(steps.at(-1));
      },
    });
    const gen = make()(1);
    for (const step of [gen.next(), gen.throw('unused'), gen.return(undefined)]) {
      expect(step).toBe(steps.shift());
      await step.catch(() => {});
    }
  }
});

test('24: is called with the name of the step and the handle; the first set is outermost', () => {
  const record: unknown[] = [];
  const hook = (set: string): Partial<AsyncGenHooks> => ({
    resume: (gen, step, name, handle) => {
      record.push(`${set} ${name} ${handle === getAsyncGenHandle(gen)}`);
      const result = step();
      record.push(`${set} end`);
      return result;
    },
  });
  const added = addAsyncGenHooks(hook('added'));
  setAsyncGenHooks(hook('slot'));
  const gen = make()(1);
  for (const name of ['next', 'throw', 'return'] as const) gen[name](undefined).catch(() => {});
  added.remove();
  expect(record).toEqual(
    ['next', 'throw', 'return'].flatMap((name) => [
      `slot ${name} true`,
      `added ${name} true`,
      'added end',
      'slot end',
    ]),
  );
});
