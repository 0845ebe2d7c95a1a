/**
 * The program that every environment runs. Its keys are all identifiers: lowered to ES5, a method
 * with another key has another name or none, hooked or not.
 */
import { describeAsyncGen, setAsyncGenHooks } from 'asyncgen-hooks';

async function* declaration(count) {
  for (let i = 0; i < count; i++) yield i;
}

const expression = async function* () {
  try {
    yield 'first';
    yield 'second';
  } finally {
    yield 'late';
  }
};

const counter = async function* self(depth) {
  yield depth;
  if (depth > 0) yield* self(depth - 1);
};

const object = {
  prefix: 'of ',
  async *method(value) {
    yield this.prefix + value;
  },
  async *delegating() {
    yield* declaration(1);
  },
};

class Base {
  async *items() {
    yield 'base';
  }
}

class Derived extends Base {
  async *items() {
    yield* super.items();
    yield* this.#own();
  }

  async *#own() {
    yield 'private';
  }

  static async *make() {
    yield* this.#hidden();
  }

  static async *#hidden() {
    yield 'static private';
  }
}

async function* outer() {
  async function* nested(value) {
    yield value;
  }
  const echo = async function* () {
    yield 'got ' + (yield 'ask');
  };
  yield* nested('nested');
  yield* echo();
  yield* (async function* () {
    yield 'on the spot';
  })();
}

async function* failing() {
  yield 1;
  throw new Error('failing');
}

export async function program() {
  const record = [];
  const show = (gen) => {
    const { name, file, line, column } = describeAsyncGen(gen);
    return `${name || '(anonymous)'} ${file}:${line}:${column}`;
  };
  const note = (hook, gen, ...rest) => void record.push([hook, show(gen), ...rest].join(' '));

  setAsyncGenHooks({
    init: (gen) => note('init', gen),
    firstiter: (gen) => note('firstiter', gen),
    iter: (gen, value) => {
      note('iter', gen, value);
      return value === 'base' ? 'replaced' : undefined;
    },
    finalizer: (gen, { type, value, error }) => {
      note('finalizer', gen, type, String(error ?? value));
    },
    resume: (gen, step) => {
      note('resume', gen);
      return step();
    },
  });

  const consume = async (gen) => {
    for await (const value of gen) record.push(`value ${value}`);
  };
  for (const gen of [
    declaration(2),
    counter(1),
    object.method('it'),
    object.delegating(),
    new Derived().items(),
    Derived.make(),
    outer(),
  ]) {
    await consume(gen);
  }
  for await (const value of declaration(2)) {
    record.push(`value ${value}`);
    break;
  }
  await consume(failing()).catch((error) => record.push(`caught ${error.message}`));

  const late = expression();
  record.push(`instanceof ${late instanceof expression} ${late instanceof declaration}`);
  for (const step of ['next', 'return', 'next']) {
    const { done, value } = await late[step](step);
    record.push(`${step} ${done} ${value}`);
  }
  await declaration(1).return();
  setAsyncGenHooks({ init: null, firstiter: null, iter: null, finalizer: null, resume: null });
  await consume(declaration(1));
  return record;
}
