import {
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
} from 'streaming-iterables';

async function* numbers(record, count) {
  try {
    for (let i = 1; i <= count; i++) yield i;
  } finally {
    record('numbers: finally');
  }
}

/** Yields each value when its turn comes: the consumer has had all that come before. */
async function* inTurn(turns, values) {
  for (const [turn, value] of values) {
    await turns.reached(turn);
    if (value instanceof Error) throw value;
    yield value;
  }
}

function makeTurns() {
  const gates = new Map();
  const gate = (turn) => {
    if (!gates.has(turn)) gates.set(turn, Promise.withResolvers?.() ?? withResolvers());
    return gates.get(turn);
  };
  return { reached: (turn) => gate(turn).promise, reach: (turn) => gate(turn).resolve() };
}

function withResolvers() {
  const out = {};
  out.promise = new Promise((resolve) => (out.resolve = resolve));
  return out;
}

export const scenarios = {
  async 'a pipeline that take() ends'({ record, consume }) {
    const stream = pipeline(
      () => numbers(record, 9),
      filter((n) => n % 2 === 1),
      map(async (n) => n * 10),
      flatMap((n) => [n, n + 1]),
      batch(2),
      take(2),
    );
    await consume(stream);
  },

  async 'an error in the middle'({ record, consume }) {
    const fail = (n) => {
      if (n === 2) throw new RangeError(`no ${n}`);
      return n;
    };
    await consume(pipeline(() => numbers(record, 3), map(fail), take(3)));
  },

  async 'an early break'({ record, consume }) {
    await consume(pipeline(() => numbers(record, 3), filter(Boolean), map(String)), 2);
  },

  async 'transform and buffer'({ record, consume }) {
    const turns = makeTurns();
    const late = async (n) => {
      if (n === 3) for (const turn of [2, 3, 1]) turns.reach(turn);
      await turns.reached(n);
      return n * 10;
    };
    await consume(pipeline(() => numbers(record, 3), transform(3, late), buffer(2)));
  },

  async 'parallelMap fails'({ record, consume }) {
    const fail = async (n) => {
      if (n === 3) throw new TypeError('third');
      return n;
    };
    await consume(parallelMap(2, fail, numbers(record, 5)));
  },

  async 'parallelMerge in turn'({ record }) {
    const turns = makeTurns();
    const a = inTurn(turns, [[1, 'a1'], [4, 'a2']]);
    const b = inTurn(turns, [[2, 'b1'], [3, 'b2'], [5, new Error('b broke')]]);
    let turn = 1;
    turns.reach(turn);
    try {
      for await (const value of parallelMerge(a, b)) {
        record('got', value);
        turns.reach(++turn);
      }
    } catch (error) {
      record('caught', error);
    }
  },

  async 'a pipeline that is dropped'({ record, hooks }) {
    await (async () => {
      const stream = pipeline(() => numbers(record, 3), map(String));
      record('got', (await stream.next()).value);
    })();
    const isOver = () => hooks.filter(({ hook }) => hook === 'finalizer').length >= 2;
    for (let i = 0; i < 20 && !isOver(); i++) {
      await new Promise((resolve) => setImmediate(resolve));
      globalThis.gc();
    }
    await new Promise((resolve) => setImmediate(resolve));
  },
};
