import { afterEach, describe, expect, test } from '@jest/globals';
import { describeAsyncGen, getAsyncGenHandle, setAsyncGenHooks } from 'asyncgen-hooks';
import { collectTimes, collectUntil } from '../helpers/gc.js';
import { load, make, type Gen } from '../helpers/generators.js';
import { clearHooks } from '../helpers/hooks.js';

afterEach(clearHooks);

function closeAbandoned(): string[] {
  const outcomes: string[] = [];
  setAsyncGenHooks({
    finalizer: (gen, outcome) => {
      outcomes.push(outcome.type);
      if (outcome.type === 'abandoned') void gen.return(undefined);
    },
  });
  return outcomes;
}

describe('a generator that the program dropped', () => {
  test('is given to finalizer, alive: its finally blocks run', async () => {
    const record: unknown[] = [];
    const outcomes = closeAbandoned();
    await make(record)(1, 2).next();
    await collectUntil(() => record.includes('finally'));
    await collectTimes();
    expect([outcomes, record]).toEqual([['abandoned'], ['body', 'finally']]);
  });

  test('all of 10,000 are found', async () => {
    let closed = 0;
    const gen = load(
      `module.exports = async function* (close) { try { yield 1; } finally { close(); } }`,
    );
    const outcomes = closeAbandoned();
    for (let i = 0; i < 10_000; i++) await gen(() => closed++).next();
    await collectUntil(() => closed === 10_000);
    expect(outcomes).toHaveLength(10_000);
  });

  test('is found again with the same handle, site and prototype', async () => {
    const gen = load('module.exports = async function* items() { yield 1; }');
    const seen: unknown[] = [];
    setAsyncGenHooks({
      firstiter: (g) => void seen.push(getAsyncGenHandle(g), describeAsyncGen(g)),
      finalizer: (g) => void seen.push(getAsyncGenHandle(g), describeAsyncGen(g), g instanceof gen),
    });
    await gen().next();
    await collectUntil(() => seen.length > 2);
    expect(seen[0]).toBe(seen[2]);
    expect(seen[1]).toEqual(seen[3]);
    expect(seen[4]).toBe(true);
  });

  test('may go on: what finalizer does with it is not a second life', async () => {
    const record: unknown[] = [];
    const outcomes: string[] = [];
    setAsyncGenHooks({
      finalizer: async (gen, outcome) => {
        outcomes.push(outcome.type);
        for await (const item of gen) record.push(item);
        record.push('done');
      },
    });
    await make()(1, 2, 3).next();
    await collectUntil(() => record.includes('done'));
    expect([outcomes, record]).toEqual([['abandoned'], [2, 3, 'done']]);
  });

  test('is not closed while somebody awaits its step', async () => {
    const outcomes = closeAbandoned();
    let open!: () => void;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const gen: (gate: Promise<void>) => Gen = load(
      'module.exports = async function* (gate) { await gate; yield "item"; }',
    );
    const step = gen(gate).next();
    await collectTimes();
    expect(outcomes).toEqual([]);
    open();
    expect(await step).toEqual({ value: 'item', done: false });
    await collectUntil(() => outcomes.length > 0);
    expect(outcomes).toEqual(['abandoned']);
  });

  test('with what it yielded still referring to it is not dropped', async () => {
    const outcomes = closeAbandoned();
    const gen = load('module.exports = async function* () { yield { self: null }; }');
    const { value } = await (async () => {
      const it = gen();
      const result = await it.next();
      result.value.self = it;
      return result;
    })();
    await collectTimes();
    expect(outcomes).toEqual([]);
    value.self = null;
    await collectUntil(() => outcomes.length > 0);
    expect(outcomes).toEqual(['abandoned']);
  });

  test('that its own body refers to is kept alive by it', async () => {
    const outcomes = closeAbandoned();
    await load(`module.exports = () => {
      const it = (async function* () { yield () => it; })();
      return it.next();
    }`)();
    await collectTimes();
    expect(outcomes).toEqual([]);
  });
});

describe('nothing is found abandoned', () => {
  test.each([
    ['that is exhausted', async (gen: Gen) => void [await gen.next(), await gen.next()]],
    ['that is closed', async (gen: Gen) => void [await gen.next(), await gen.return(undefined)]],
    [
      'that failed',
      async (gen: Gen) => void [await gen.next(), await gen.throw(new Error('x')).catch(() => {})],
    ],
    ['that was never iterated', async () => {}],
  ])('%s', async (_, use) => {
    const outcomes = closeAbandoned();
    await use(make()(1));
    const before = [...outcomes];
    await collectTimes();
    expect(outcomes).toEqual(before);
  });

  test('that finished after it outlived a collection', async () => {
    const outcomes = closeAbandoned();
    await (async () => {
      const gen = make()(1);
      await gen.next();
      await collectTimes();
      await gen.return(undefined);
    })();
    await collectTimes();
    expect(outcomes).toEqual(['closed']);
  });
});

test('an error of finalizer for an abandoned one is reported', async () => {
  const warnings: any[] = [];
  const { emitWarning } = process;
  process.emitWarning = ((warning: unknown) => warnings.push(warning)) as never;
  try {
    setAsyncGenHooks({
      finalizer: () => {
        throw new Error('broken');
      },
    });
    await make()(1).next();
    await collectUntil(() => warnings.length > 0);
  } finally {
    process.emitWarning = emitWarning;
  }
  expect(warnings.map(({ cause }) => cause.message)).toEqual(['broken']);
});
