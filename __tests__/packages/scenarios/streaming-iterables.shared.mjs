import { inTurn, makeTurns } from '../child/turns.mjs';

async function* numbers(count, onEnd = () => {}) {
  try {
    for (let i = 1; i <= count; i++) yield i;
  } finally {
    onEnd();
  }
}

export const makeScenarios = ({
  batch,
  buffer,
  filter,
  flatMap,
  map,
  parallelMap,
  parallelMerge,
  pipeline,
  take,
  transform,
}) => ({
  'take() closes the pipeline above it': async ({ record, consume }) => {
    const stream = pipeline(
      () => numbers(9, () => record('numbers closed')),
      filter((n) => n % 2 === 1),
      map(async (n) => n * 10),
      flatMap((n) => [n, n + 1]),
      batch(2),
      take(2),
    );
    await consume(stream);
  },

  'an error closes what stands above and fails what stands below': async ({ record, consume }) => {
    const fail = (n) => {
      if (n === 2) throw new RangeError(`no ${n}`);
      return n;
    };
    const source = numbers(3, () => record('numbers closed'));
    await consume(pipeline(() => source, map(fail), take(3)));
  },

  'a break closes the whole pipeline': async ({ record, consume }) => {
    const source = numbers(3, () => record('numbers closed'));
    await consume(
      pipeline(() => source, filter(Boolean), map(String)),
      { limit: 2 },
    );
  },

  'transform() gives results as they come': async ({ consume }) => {
    const turns = makeTurns();
    const late = async (n) => {
      if (n === 3) for (const turn of [2, 3, 1]) turns.reach(turn);
      await turns.reached(n);
      return n * 10;
    };
    await consume(pipeline(() => numbers(3), transform(3, late), buffer(2)));
  },

  'parallelMap() fails with the error of its function': async ({ consume }) => {
    const fail = async (n) => {
      if (n === 3) throw new TypeError('third');
      return n;
    };
    await consume(parallelMap(2, fail, numbers(3)));
  },

  'parallelMerge() gives values as they come and fails with its source': async ({ consume }) => {
    const turns = makeTurns();
    const a = inTurn(turns, [
      [1, 'a1'],
      [4, 'a2'],
    ]);
    const b = inTurn(turns, [
      [2, 'b1'],
      [3, 'b2'],
      [5, new Error('b broke')],
    ]);
    await consume(parallelMerge(a, b), { turns });
  },

  'a dropped pipeline is closed by the finalizer hook': async ({ record, hooks }) => {
    await (async () => {
      const source = numbers(3, () => record('numbers closed'));
      const stream = pipeline(() => source, map(String));
      record('got', (await stream.next()).value);
    })();
    const isOver = () => hooks.filter(({ hook }) => hook === 'finalizer').length === 2;
    for (let i = 0; i < 50 && !isOver(); i++) {
      globalThis.gc();
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
});
