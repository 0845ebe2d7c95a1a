import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execFileSync, spawnSync } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import { getAsyncGenState } from 'asyncgen-hooks';
import { compile } from '../helpers/babel.js';
import { clearHooks, recordOutcomes } from '../helpers/hooks.js';
import { run } from '../helpers/run.js';
import {
  compileWith,
  describeSwc,
  NEWEST,
  OLDEST,
  readText,
  root,
  swcOf,
  swcOptions,
} from './support.js';

const EVERY_FORM = `
import { outer } from 'outer';
export async function* declared(a, b = 1) { yield a; }
export default async function* () { yield* declared(1); }
const named = async function* own() { yield own; };
const anonymous = async function* () {};
const object = {
  async *method() {},
  async *'quoted key'() {},
  async *[Symbol.asyncIterator]() {},
  async *[outer()]() {},
  async *up() { yield super.up; },
  property: async function* () {},
  [outer()]: async function* () {},
};
class Table {
  field = async function* () {};
  #hidden = async function* () {};
  async *rows() { for await (const x of outer()) yield x; }
  static async *of() {}
  async *#secret() {}
  static { async function* inBlock() {} outer(inBlock); }
}
outer(async function* () {});
(async function* () {})().next();
function factory() { { async function* inner() { return 1; } outer(inner); } }
switch (outer) { case 1: async function* late() {} outer(late); }
export { named, anonymous, object, Table, factory };
`;

/** A subscription with a signal, and what reads from it: a loop, and `yield*`. */
const SUBSCRIPTION = `
import { on } from 'node:events';
import { asyncGenSignal } from 'asyncgen-hooks';
export async function* clicks(bus, record) {
  const signal = asyncGenSignal();
  signal.addEventListener('abort', () => record.push('aborted'));
  try {
    for await (const [event] of on(bus, 'click', { signal })) yield event;
  } finally {
    record.push('clicks end');
  }
}
export async function* texts(clicks, record) {
  try {
    for await (const click of clicks) yield 'click ' + click;
  } finally {
    record.push('texts end');
  }
}
export async function* merged(...all) {
  for (const each of all) yield* each;
}
`;

/** What it says of places: the locations of functions, and the lines of `yield`s. */
const placesIn = (code: string): string[] =>
  [...code.matchAll(/"((?:src\/|input)[^"]*)"|item\([^;]*?, (\d+)\)|from\([^;]*?, (\d+)\)/g)]
    .map((match) => match[1] ?? match[2] ?? match[3]!)
    .sort();

afterEach(clearHooks);

describeSwc('the SWC plugin', () => {
  describe.each([...OLDEST, ...NEWEST])('@swc/core %s', (version) => {
    const compiled = (code: string, file = 'input.mjs', options: object = {}): string =>
      compileWith(version, code, file, { options });

    test('gives each form the place and the name that the Babel plugin gives it', () => {
      const byBabel = compile(EVERY_FORM, {
        cwd: process.cwd(),
        filename: join(process.cwd(), 'input.mjs'),
        plugins: ['asyncgen-hooks/babel', '@babel/plugin-transform-modules-commonjs'],
        sourceType: 'module',
      });
      const expected = placesIn(byBabel);
      expect(expected.length).toBeGreaterThan(20);
      expect(placesIn(compiled(EVERY_FORM))).toEqual(expected);
    });

    test('leaves a file without async generators as SWC alone prints it', () => {
      const code = 'export async function plain() {}\nfunction* generator() { yield 1; }';
      expect(compiled(code)).toBe(compileWith(version, code, 'input.mjs', { isHooked: false }));
    });

    test.each([
      ['a file', '// asyncgen-hooks ignore file\nasync function* gen() {}'],
      [
        'a file, at the end of a line',
        'f(); // asyncgen-hooks ignore file\nasync function* gen() {}',
      ],
      ['a declaration', '/* asyncgen-hooks ignore next */\nasync function* gen() {}'],
      ['behind a statement', 'f(); // asyncgen-hooks ignore next\nasync function* gen() {}'],
      ['a method', 'class A {\n// asyncgen-hooks ignore next\nasync *gen() {} }'],
      ['a property', 'f({ /* asyncgen-hooks ignore next */ async *gen() {} })'],
      ['an argument', 'f(/* asyncgen-hooks ignore next */ async function* () {})'],
      ['an intrinsic', 'Object.getPrototypeOf(async function* () {})'],
      ['what Vitest lifts', 'vi.hoisted(() => async function* () {})'],
    ])('leaves %s alone', (_, code) => {
      expect(compiled(code, 'input.js')).not.toContain('asyncgen-hooks/shim');
    });

    test('takes a string for no comment', () => {
      const code = 'f("/* asyncgen-hooks ignore file */");\nasync function* gen() {}';
      expect(compiled(code, 'input.js')).toContain('asyncgen-hooks/shim');
    });

    test('leaves alone what it has compiled, and what the Babel plugin has', () => {
      const options = swcOptions('input.js');
      const { plugins } = options.jsc!.experimental!;
      const code = 'async function* gen() { yield 1; }';
      options.jsc!.experimental!.plugins = [...plugins!, ...plugins!];
      const once = compiled(code, 'input.js');
      expect(swcOf(version).transformSync(code, options).code).toBe(once);
      const byBabel = compile(code, { plugins: ['asyncgen-hooks/babel'], sourceType: 'script' });
      expect(compiled(byBabel, 'input.js').match(/asyncgen-hooks\/shim/g)).toHaveLength(1);
    });

    test('imports in a module and requires in all else', () => {
      const gen = 'async function* gen() {}\n';
      const text = (code: string, file: string): string => {
        const { module: _, ...options } = swcOptions(file);
        return swcOf(version).transformSync(code, { ...options, isModule: true }).code;
      };
      expect(text(`export {};\n${gen}`, 'a.js')).toMatch(
        /^import \{.*\} from "asyncgen-hooks\/shim";/,
      );
      expect(text(gen, 'a.mjs')).toContain('import {');
      expect(text(`module.exports = 1;\n${gen}`, 'a.js')).toContain(
        'require("asyncgen-hooks/shim")',
      );
      expect(text(gen, 'a.cjs')).toContain('require("asyncgen-hooks/shim")');
      expect(text(`'use client';\nexport {};\n${gen}`, 'a.js')).toMatch(/^'use client';\s+import/);
      expect(compiled(gen, 'a.js')).toContain('require("asyncgen-hooks/shim")');
    });

    test('has the options of the Babel plugin', () => {
      const code = 'export async function* gen() { yield 1; }';
      expect(compiled(code, 'a.mjs', { importSource: 'my/shim' })).toContain('my/shim');
      const bare = compiled(code, 'a.mjs', { locations: false });
      expect(bare).toContain('"gen"');
      expect(bare).toContain('item(1)');
    });

    test.each([
      [
        { importSorce: 'x' },
        'Unknown option "importSorce". Did you mean "importSource"? The options are importSource, locations.',
      ],
      [
        { importSource: '' },
        'option "importSource" is "". Pass the name of a module, a non-empty string.',
      ],
      [{ locations: 1 }, 'option "locations" is 1. Pass true or false.'],
    ])('refuses %j in the words of the Babel plugin', (options, text) => {
      expect(() => compiled('plain()', 'a.mjs', options)).toThrow(`asyncgen-hooks/swc: ${text}`);
      const plugins = [['asyncgen-hooks/babel', options]];
      expect(() => compile('plain()', { plugins } as never)).toThrow(
        `asyncgen-hooks/babel: ${text}`,
      );
    });

    test('keeps names of the program apart from its own', () => {
      const code = `
        const _gen = 1, _error = 2, _enter = 3, _wrap = 4, _rows = 5, _definitions = 6, _x = 7;
        export async function* rows(_x) { const _gen = 8; yield _gen + _enter + _wrap + _rows + _error + _definitions + _x; }`;
      const source = compiled(code);
      const exports: Record<string, any> = {};
      new Function('exports', 'require', source)(exports, () => require('asyncgen-hooks/shim'));
      const step = exports.rows(1).next() as Promise<unknown>;
      return expect(step).resolves.toEqual({ done: false, value: 8 + 3 + 4 + 5 + 2 + 6 + 1 });
    });

    test('a return() frees all that it reads from by a loop and by `yield*`, and each tells its state', async () => {
      const { clicks, texts, merged } = run(compiled(SUBSCRIPTION));
      const outcomes = recordOutcomes();
      const bus = new EventEmitter();
      const record: string[] = [];
      const source = clicks(bus, record);
      const texted = texts(source, record);
      const outer = merged(texted);
      const expectStates = (inner: string, own = inner): void =>
        expect([source, texted, outer].map(getAsyncGenState)).toEqual([inner, inner, own]);
      expectStates('created');
      const first = outer.next();
      bus.emit('click', 1);
      expect(await first).toEqual({ value: 'click 1', done: false });
      expectStates('suspended');
      const pending = outer.next();
      // The subscription has to wait for an event again.
      for (let i = 0; i < 20; i++) await null;
      expectStates('running');
      const end = outer.return('end');
      expect(record).toEqual(['aborted']);
      expectStates('running', 'closing');
      expect(await pending).toEqual({ value: undefined, done: true });
      expect(await end).toEqual({ value: 'end', done: true });
      expect(record).toEqual(['aborted', 'clicks end', 'texts end']);
      expectStates('closed');
      expect(outcomes.map(({ type }) => type)).toEqual(['closed', 'closed', 'closed']);
      expect(bus.listenerCount('click')).toBe(0);
    });

    test.each([
      ['a named import', `import { asyncGenSignal } from 'asyncgen-hooks'`, 'asyncGenSignal()'],
      ['another name', `import { asyncGenSignal as own } from 'asyncgen-hooks'`, 'own()'],
      ['a quoted name', `import { 'asyncGenSignal' as own } from 'asyncgen-hooks'`, 'own()'],
      ['a namespace', `import * as hooks from 'asyncgen-hooks'`, 'hooks.asyncGenSignal()'],
      ['require', `const { asyncGenSignal } = require('asyncgen-hooks')`, 'asyncGenSignal()'],
      [
        'require, another name',
        `const { asyncGenSignal: own } = require('asyncgen-hooks')`,
        'own()',
      ],
      ['require, a whole', `const hooks = require('asyncgen-hooks')`, 'hooks.asyncGenSignal()'],
      [
        'an arrow function of the body',
        `import { asyncGenSignal } from 'asyncgen-hooks'`,
        '(() => asyncGenSignal())()',
      ],
    ])('`asyncGenSignal()` is found by %s', async (_, head, call) => {
      const code = `${head};\nexports.gen = async function* () { yield ${call}; };`;
      const { gen } = run(compiled(code, head.startsWith('import') ? 'input.mjs' : 'input.cjs'));
      expect((await gen().next()).value).toBeInstanceOf(AbortSignal);
    });

    test.each([
      ['a function inside', 'yield (function () { return asyncGenSignal(); })();'],
      ['a method inside', 'yield { m() { return asyncGenSignal(); } }.m();'],
    ])('`asyncGenSignal()` in %s is not that of the generator, and throws', async (_, body) => {
      const code = `import { asyncGenSignal } from 'asyncgen-hooks';\nexport async function* gen() { ${body} }`;
      await expect(run(compiled(code)).gen().next()).rejects.toMatchObject({
        code: 'ERR_ASYNCGEN_SIGNAL',
      });
    });

    test.each([
      [
        'of a name that is something else',
        `import { asyncGenSignal } from 'asyncgen-hooks';
         export async function* gen() { { const asyncGenSignal = () => 'mine'; yield asyncGenSignal(); } }`,
      ],
      [
        'of another module',
        `const { asyncGenSignal } = { asyncGenSignal: () => 'mine' };
         export async function* gen() { yield asyncGenSignal(); }`,
      ],
    ])('`asyncGenSignal()` %s is left alone', async (_, code) => {
      expect((await run(compiled(code)).gen().next()).value).toBe('mine');
    });
  });

  test('an SWC that is too old fails, and says what the plugin reads', () => {
    for (const code of ['async function* gen() { yield 1; }', 'plain()']) {
      expect(() => compileWith('1.14', code, 'a.js')).toThrow(/It reads those of @swc\/core 1\.15/);
    }
  });

  test('a function that calls another one of the same `switch` finds it', async () => {
    const code = `
      export const find = (x) => {
        switch (x) {
          case 0: return later;
          default: async function* first() { yield* later(); }
          case 1: async function* later() { yield 5; } return first;
        }
      };`;
    const exports: Record<string, any> = {};
    const compiled = compileWith('1.16.22', code, 'input.mjs');
    new Function('exports', 'require', compiled)(exports, () => require('asyncgen-hooks/shim'));
    for (const x of [0, 1])
      expect(await exports.find(x)().next()).toEqual({ done: false, value: 5 });
  });

  test.each(NEWEST)(
    '@swc/core %s: 1,400 operands in a row are compiled, and more than it can take get a sentence',
    (version) => {
      const sumOf = (count: number): string => `x = ${'a + '.repeat(count)}a`;
      const compiled = (code: string): string => compileWith(version, code, 'a.js');
      const gen = 'async function* gen() {}\n';
      expect(compiled(gen + sumOf(1400))).toContain('asyncgen-hooks/shim');
      expect(() => compiled(gen + sumOf(5000))).toThrow(/is nested deeper than SWC can hand over/);
      // What has no async generator is not read.
      expect(compiled(sumOf(5000))).toBe(
        compileWith(version, sumOf(5000), 'a.js', { isHooked: false }),
      );
    },
  );

  test.each(NEWEST)(
    '@swc/core %s: what was lowered before is told on standard error',
    (version) => {
      const swc = join(root, `__tests__/swc-versions/node_modules/core-${version}`);
      const options = swcOptions('lowered.js');
      const program = `require(${JSON.stringify(swc)}).transformSync('_wrap_async_generator(function* () {})', ${JSON.stringify(options)})`;
      const { stderr, status } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
      expect([status, stderr]).toEqual([
        0,
        expect.stringMatching(
          /^asyncgen-hooks\/swc: lowered\.js, its async generators were lowered before this plugin saw them/,
        ),
      ]);
    },
  );

  test('the name of the package leads SWC to it', () => {
    const project = mkdtempSync(join(realpathSync(tmpdir()), 'asyncgen-hooks-swc-'));
    const link = join(project, 'node_modules/asyncgen-hooks');
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(root, link, 'junction');
    writeFileSync(join(project, 'gen.js'), 'export async function* gen() { yield 1; }\n');
    const swc = join(root, '__tests__/swc-versions/node_modules/core-1.16.22');
    const program = `
      const { code } = require(${JSON.stringify(swc)}).transformFileSync('gen.js', {
        swcrc: false,
        jsc: { target: 'es2022', experimental: { plugins: [['asyncgen-hooks/swc', {}]] } },
      });
      console.log(code);`;
    const printed = execFileSync(process.execPath, ['-e', program], {
      cwd: project,
      encoding: 'utf8',
    });
    rmSync(project, { recursive: true, force: true });
    expect(printed).toContain('"gen.js:1:7 gen"');
  });

  test('it is what the package exports', () => {
    const { exports, files } = JSON.parse(readText('package.json'));
    const { main } = JSON.parse(readText('swc/package.json'));
    expect(exports['./swc']).toBe(`./swc/${main}`);
    expect(files).toEqual(expect.arrayContaining([`swc/${main}`, 'swc/package.json']));
  });
});
