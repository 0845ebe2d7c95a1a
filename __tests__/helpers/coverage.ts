/** All forms, with branches in them that are taken, that are not, and functions that never run. */
export const PROGRAM = `
export async function* exported(flag, other = 1) {
  if (flag) {
    yield 1;
  } else {
    yield 2;
  }
  for await (const item of cut()) yield item;
  return 3;
}

async function* cut() {
  try {
    if (globalThis.never) yield 9;
  } finally {
    globalThis.seen = 1;
  }
}

export async function* unused() {
  yield 1;
  return;
}

const object = {
  async *member(x) {
    yield* exported(x);
  },
};

class Rows {
  static async *all() {
    yield globalThis.never ? 1 : 2;
  }
  async *#some() {
    yield globalThis.never || 2;
  }
  some() {
    return this.#some();
  }
}

function outer(flag) {
  async function* inner() {
    if (!flag) return;
    yield 1;
  }
  return inner;
}

const expressed = async function* () {
  if (globalThis.never) return;
  else return 2;
};

async function* cutInALoop() {
  for (const item of [1, 2, 3]) {
    yield item;
  }
}

async function* endless() {
  for (;;) yield 1;
}

async function* failing() {
  yield 1;
  throw new Error('expected');
}

for await (const item of exported(1));
for await (const item of object.member(1));
for await (const item of Rows.all());
for await (const item of new Rows().some());
for await (const item of outer(false)());
for await (const item of expressed());
for await (const item of (async function* () { yield 1; })());
for await (const item of cutInALoop()) break;
for await (const item of endless()) break;
for await (const item of failing()) break;
try {
  for await (const item of failing());
} catch {
  globalThis.seen = 2;
}
`.trimStart();
