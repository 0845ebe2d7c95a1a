/** Drops generators in each state. Needs `gc`. */
import { describeAsyncGen, setAsyncGenHooks } from 'asyncgen-hooks';

const COUNT = 300;
let ran = 0;
const outcomes = {};
const answers = {};
const count = (counts, key) => void (counts[key] = (counts[key] ?? 0) + 1);

async function* unfinished() {
  try {
    yield 1;
    yield 2;
  } finally {
    ran++;
  }
}

setAsyncGenHooks({
  async finalizer(gen, { type }) {
    count(outcomes, `${type} ${describeAsyncGen(gen).name} ${gen instanceof unfinished}`);
    if (type === 'abandoned') count(answers, JSON.stringify(await gen.return('by hook')));
  },
});

const turn = () => new Promise((resolve) => (globalThis.setImmediate ?? setTimeout)(resolve));

/** Collects garbage until `isEnough`; the bound is for a failure only. */
async function collect(isEnough, bound = 100) {
  for (let i = 0; i < bound && !isEnough(); i++) {
    globalThis.gc();
    await turn();
  }
}

const drop = {
  notIterated: async () => void unfinished(),
  atYield: async () => void (await unfinished().next()),
  afterReturn: async () => {
    const gen = unfinished();
    await gen.next();
    await gen.return();
  },
};

async function main() {
  const held = unfinished();
  await held.next();
  for (let i = 0; i < COUNT; i++) for (const way of Object.values(drop)) await way();
  await collect(() => ran === 2 * COUNT);
  // Nothing is told twice, and nothing is told of those that nobody iterated.
  await collect(() => false, 5);
  const before = { ran, outcomes: { ...outcomes }, answers };
  for await (const value of held) void value;
  console.log(JSON.stringify({ before, after: outcomes }));
}

main();
