import { afterEach, describe, expect, test } from '@jest/globals';
import { setAsyncGenHooks } from 'asyncgen-hooks';
import { transformSync } from 'esbuild';
import { compileHooked } from '../helpers/babel.js';
import { collect } from '../helpers/generators.js';
import { clearHooks } from '../helpers/hooks.js';
import { run } from '../helpers/run.js';

/** `toString()` of the visible function: the head of the source, and a body that runs anywhere. */

afterEach(clearHooks);

interface Form {
  readonly form: string;
  /** A CommonJS module that exports the function as `fn`. */
  readonly source: string;
  /** The text up to the body. */
  readonly head: string;
  /** Puts the text where it is an expression. */
  readonly inside?: (text: string) => string;
}

const params = `{ body, query: q = 1 }, [first, ...others] = [], last = "),{(", ...rest`;
const BODY = `{ for (const item of [1, 2]) yield item; yield* [3]; if (last) return last; }`;

const forms: readonly Form[] = [
  {
    form: 'a declaration',
    source: `exports.fn = items; async function* items(${params}) ${BODY}`,
    head: `async function* items(${params}) {`,
  },
  {
    form: 'a declaration that is called as its own text has it',
    source: `exports.fn = function_; async function* function_(${params}) ${BODY}`,
    head: `async function* function_(${params}) {`,
  },
  {
    form: 'a nested declaration',
    source: `exports.fn = make(); function make() { return items; async function* items(${params}) ${BODY} }`,
    head: `async function* items(${params}) {`,
  },
  {
    // A limit: a name in the expression would be a binding that catches what the body assigns to it.
    form: 'a nested declaration that says its name, which is missing',
    source: `exports.fn = make(); function make() { return items; async function* items(${params}) ${BODY.replace('{', '{ void typeof items;')} }`,
    head: `async function* (${params}) {`,
  },
  {
    form: 'an expression',
    source: `const items = async function* (${params}) ${BODY}; exports.fn = items;`,
    head: `async function* (${params}) {`,
  },
  {
    form: 'an expression with a name',
    source: `exports.fn = async function* items(${params}) ${BODY};`,
    head: `async function* items(${params}) {`,
  },
  {
    form: 'a method of an object',
    source: `exports.fn = ({ async *items(${params}) ${BODY} }).items;`,
    head: `async *items(${params}) {`,
    inside: (text) => `({ ${text} }).items`,
  },
  {
    form: 'a method of a class',
    source: `exports.fn = (class { async *items(${params}) ${BODY} }).prototype.items;`,
    head: `async *items(${params}) {`,
    inside: (text) => `({ ${text} }).items`,
  },
  {
    form: 'a static method',
    source: `exports.fn = (class { static async *items(${params}) ${BODY} }).items;`,
    head: `async *items(${params}) {`,
    inside: (text) => `({ ${text} }).items`,
  },
];

/** Where there is no runtime: a realm of its own scope, without `require`. */
const evaluate = (text: string): ((...args: unknown[]) => AsyncGenerator) => (0, eval)(`(${text})`);

describe.each(['nothing', 'all hooks'])('with %s in force', (hooks) => {
  test.each(forms)('$form: its head, and a text that works by itself', async (form) => {
    const { source, head, inside = (text: string) => text } = form;
    if (hooks !== 'nothing') setAsyncGenHooks({ iter: () => {}, finalizer: () => {} });
    const { fn } = run(compileHooked(source, { sourceType: 'script' }));
    const text = String(fn);
    // The line breaks are Babel's.
    expect(text.slice(0, text.indexOf(') {') + 3).replace(/\s+/g, ' ')).toBe(head);
    expect(fn.toString()).toBe(text);
    const other = evaluate(inside(text));
    expect(await collect(other({}))).toEqual([1, 2, 3]);
    const it = other({}, [], 'end');
    for (let i = 0; i < 3; i++) await it.next();
    expect(await it.next()).toEqual({ value: 'end', done: true });
  });
});

test('a default export without a name has none in its text', async () => {
  const code = compileHooked('export default async function* (a, b = 2) { yield a + b }', {
    plugins: ['@babel/plugin-transform-modules-commonjs'],
  });
  const { default: fn } = run(code);
  expect(String(fn)).toMatch(/^async function\* ?\(a, b = 2\) \{/);
  expect(fn.name).toBe('default');
  expect(await collect(evaluate(String(fn))(1))).toEqual([3]);
});

test('a private method has its own name', () => {
  const fn = run(
    compileHooked(
      'module.exports = (class { async *#items(a) { yield a } get() { return this.#items } })',
      {
        sourceType: 'script',
      },
    ),
  );
  expect(String(new fn().get())).toMatch(/^async \*#items\(a\) \{/);
});

test.each([true, false])(
  'an error in it keeps its way where no runtime is: caught %s',
  async (isCaught) => {
    const { fn } = run(
      compileHooked(
        `exports.fn = async function* (isCaught) {
        try { yield Promise.reject('thrown') } catch (error) { if (!isCaught) throw error; yield error }
      }`,
        { sourceType: 'script' },
      ),
    );
    const steps = collect(evaluate(String(fn))(isCaught));
    if (isCaught) expect(await steps).toEqual(['thrown']);
    else await expect(steps).rejects.toBe('thrown');
  },
);

test('asyncGenSignal() in a text gives a signal where no runtime is', async () => {
  const { fn } = run(
    compileHooked(
      `const { asyncGenSignal } = require('asyncgen-hooks');
       exports.fn = async function* () { yield asyncGenSignal().aborted };`,
      { sourceType: 'script' },
    ),
  );
  expect(await collect(evaluate(String(fn))())).toEqual([false]);
});

test.each(forms)('minified by esbuild: $form works by its text', async (form) => {
  const { source, inside = (text: string) => text } = form;
  const code = compileHooked(source, { sourceType: 'script' });
  const minified = transformSync(code, { minify: true, target: 'es2022' }).code;
  const { fn } = run(minified);
  const text = String(fn);
  expect(text).toMatch(/^async( ?function)? ?\*/);
  expect(text).not.toContain('asyncgen-hooks');
  expect(await collect(evaluate(inside(text))({}))).toEqual([1, 2, 3]);
});

test('bundled and minified by esbuild with mangled names, the head keeps its parameters', async () => {
  const code = compileHooked(
    'async function* items({ body }, query) { yield [body, query] } exports.fn = items;',
    {
      sourceType: 'script',
    },
  );
  const minified = transformSync(code, { minifySyntax: true, minifyWhitespace: true }).code;
  const { fn } = run(minified);
  expect(String(fn)).toMatch(/^async function\* ?items\(\{ ?body ?\}, ?query\)/);
  expect(await collect(evaluate(String(fn))({ body: 1 }, 2))).toEqual([[1, 2]]);
});

describe('what can be seen of it', () => {
  const { pair, expression, method } = run(
    compileHooked(
      `async function* pair() {}
       exports.pair = pair;
       exports.expression = async function* () {};
       exports.method = ({ async *method() {} }).method;`,
      { sourceType: 'script' },
    ),
  );

  test('a pair has a toString of its own that is not enumerable and looks like the native one', () => {
    const { toString } = Function.prototype;
    const own = Object.getOwnPropertyDescriptor(pair, 'toString')!;
    expect(own).toMatchObject({ enumerable: false, configurable: true, writable: true });
    expect([own.value.name, own.value.length]).toEqual([toString.name, toString.length]);
    expect('prototype' in own.value).toBe(false);
  });

  test('other forms have none; one that the program puts there counts', () => {
    for (const fn of [expression, method]) {
      expect(Object.hasOwn(fn, 'toString')).toBe(false);
      expect(fn.toString).toBe(fn.toString);
    }
    expression.toString = () => 'mine';
    expect(String(expression)).toBe('mine');
  });

  test('Function.prototype is left alone', () => {
    expect(Function.prototype.toString.call(pair)).toMatch(/^function pair\(\)/);
    expect(String(Function.prototype.toString)).toContain('[native code]');
  });
});
