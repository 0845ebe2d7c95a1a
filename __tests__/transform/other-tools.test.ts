import { describe, expect, test } from '@jest/globals';
import type { PluginItem, TransformOptions } from '@babel/core';
import { babel, compile, plugin } from '../helpers/babel.js';

const istanbul: unknown = require('babel-plugin-istanbul');
const US = 'asyncgen-hooks/babel';

describe('Jest', () => {
  test.each([
    ['a function', '({ gen: async function* () { yield 1 } })'],
    ['a method', '({ async *gen() { yield 1 } })'],
    ['a declaration', '{ async function* gen() { yield 1 } return { gen } }'],
    ['one called on the spot', '({ gen: (async function* () { yield 1 })() })'],
  ])('compiles %s in the factory of jest.mock()', (_, body) => {
    const code = compile(`import { x } from './x.js';\njest.mock('./x.js', () => ${body});`, {
      plugins: ['@babel/plugin-transform-modules-commonjs', US, 'babel-plugin-jest-hoist'],
    });
    const order = ['.mock(', 'require("asyncgen-hooks/shim")', 'require("./x.js")'];
    const places = order.map((text) => code.indexOf(text));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(code).toMatch(/\(0, _shim\.(?:fn|call)\)\(/);
  });
});

describe('coverage', () => {
  interface Coverage {
    statementMap: Record<string, { start: { line: number } }>;
    fnMap: Record<string, { name: string; loc: { start: { line?: number } } }>;
    branchMap: object;
  }

  /** What babel-plugin-istanbul counts in a file. */
  function countedIn(code: string, plugins: string[]): Coverage {
    let counted: Coverage | undefined;
    const onCover = (_: string, coverage: Coverage): void => void (counted = coverage);
    const cwd = '/project';
    babel.transformSync(code, {
      filename: '/project/src/code.js',
      babelrc: false,
      configFile: false,
      plugins: [...plugins, [istanbul as PluginItem, { cwd, onCover }]],
    });
    return counted!;
  }

  test.each([
    [
      'an ignored declaration',
      '/* istanbul ignore next */\nasync function* gen(a) { if (a) yield 1 }',
    ],
    [
      'an ignored export',
      '/* istanbul ignore next */\nexport async function* gen(a) { if (a) yield 1 }\nexport function next() {}',
    ],
    [
      'an ignored default export',
      '/* istanbul ignore next */ export default async function* (a) { if (a) yield 1 }',
    ],
    [
      'an ignored expression',
      'const y = /* istanbul ignore next */ async function* (a) { if (a) yield 1 };',
    ],
    [
      'an ignored property',
      'const y = { /* istanbul ignore next */ k: async function* (a) { if (a) yield 1 } };',
    ],
    [
      'an ignored method',
      'class A { /* istanbul ignore next */ async *gen(a) { if (a) yield 1 } }',
    ],
    [
      'an ignored nested declaration',
      'function f() { a(); /* istanbul ignore next */ async function* gen(a) { if (a) yield 1 } b(); }',
    ],
    ['a declaration', 'async function* gen(a) { if (a) yield 1 }'],
    ['an expression', 'const gen = async function* (a) { if (a) yield 1 };'],
    [
      'an expression that an arrow function gives',
      'const make = () => async function* (a) { if (a) yield 1 };',
    ],
    ['an object method', 'const o = { async *gen(a) { if (a) yield 1 } };'],
  ])('%s counts as it does without the plugin', (_, code) => {
    const places = (coverage: Coverage) => ({
      statements: Object.values(coverage.statementMap),
      functions: Object.values(coverage.fnMap).map(({ loc }) => loc),
      branches: coverage.branchMap,
    });
    const sorted = (value: unknown[]): string[] => value.map((each) => JSON.stringify(each)).sort();
    const [hooked, plain] = [countedIn(code, [plugin]), countedIn(code, [])].map(places);
    expect(sorted(hooked!.statements)).toEqual(sorted(plain!.statements));
    expect(sorted(hooked!.functions)).toEqual(sorted(plain!.functions));
    expect(hooked!.branches).toEqual(plain!.branches);
  });
});

test('with retainLines each function keeps its line', () => {
  const source =
    "first();\n\nasync function* one() {\n  throw 'one';\n}\n\nexport async function* two() {\n  throw 'two';\n}\n";
  const code = compile(source, { retainLines: true, sourceType: 'module', plugins: [US] });
  const lineOf = (text: string, of: string): number =>
    of.slice(0, of.indexOf(text)).split('\n').length;
  for (const text of ["throw 'one'", "throw 'two'"])
    expect([text, lineOf(text, code)]).toEqual([text, lineOf(text, source)]);
});

test.each([
  ['an export', 'export async function* gen() {}'],
  ['a default export', 'export default async function* gen() {}'],
  ['a declaration', 'async function* gen() {}'],
])('a comment behind %s stays in front of what comes next', (_, declaration) => {
  const next = '/* @__NO_SIDE_EFFECTS__ */ export function next() {}';
  const code = compile(`${declaration}\n${next}`, { sourceType: 'module', plugins: [US] });
  expect(code.replace(/\s+/g, ' ')).toContain(next.slice(0, -2).trim());
});

test('a comment behind a nested declaration stays there', () => {
  const code = compile('function f() { a(); async function* gen() {} /* next */ b(); }', {
    plugins: [US],
  });
  expect(code.replace(/\s+/g, '')).toContain('a();/*next*/b();');
});

test('comments within the head of a function are printed once', () => {
  const code = compile(
    'async function* /* a */ gen /* b */ () {}\nconst o = { async * /* c */ gen /* d */ () {} };',
    { plugins: [US] },
  );
  for (const name of ['a', 'b', 'c', 'd']) expect(code.split(`/* ${name} */`)).toHaveLength(2);
});

test('a partial application is left to its plugin', () => {
  const code = 'const f = (async function* (a, b) {})(?, 3);';
  const parserOpts = { plugins: ['partialApplication'] };
  const compiled = compile(code, { plugins: [US], parserOpts } as unknown as TransformOptions);
  expect(compiled).not.toContain('_call');
});

test('Babel names an anonymous class whose static block it lowers, be it ours or the program’s', () => {
  const presets: PluginItem[] = [['@babel/preset-env', { targets: 'chrome 70' }]];
  const ours = compile('(class { async *rows() {} });', { plugins: [US], presets });
  const native = compile('(class { static { rows(this); } });', { presets });
  expect([ours, native]).toEqual([
    expect.stringContaining('_Class = class {'),
    expect.stringContaining('_Class = class {'),
  ]);
});
