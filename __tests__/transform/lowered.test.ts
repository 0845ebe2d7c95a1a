import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';
import { babel, compile, plugin } from '../helpers/babel.js';
import { warningsDuring } from '../helpers/warnings.js';

/** Tools that refuse to run in Jest's sandbox run in Node's own realm. */
declare const createNodeRequire: typeof import('node:module').createRequire;
const requireNode = createNodeRequire(join(__dirname, '../../package.json'));
const typescript: typeof import('typescript') = requireNode('typescript');
const esbuild: typeof import('esbuild') = requireNode('esbuild');
const swc: typeof import('@swc/core') = requireNode('@swc/core');

const SOURCE = `export async function* rows() { try { yield 1; await 2; yield* rows(); } finally {} }
export const lines = { async *lines() { yield 1; } };`;
/** What is to be left in peace: nothing of it is an async generator. */
const PLAIN = `export async function f() { await 1; }
export function* g() { yield 1; }`;

const { ScriptTarget, ModuleKind } = typescript;
const byTypeScript = (options: import('typescript').CompilerOptions) => (source: string) =>
  typescript.transpileModule(source, { compilerOptions: options }).outputText;
const byBabel =
  (plugins: unknown[], presets: unknown[] = []) =>
  (source: string) =>
    compile(source, { plugins, presets } as never);
const bySwc =
  (target: 'es2017' | 'es5', type: 'es6' | 'commonjs', externalHelpers: boolean, minify = false) =>
  (source: string): string =>
    swc.transformSync(source, {
      swcrc: false,
      configFile: false,
      minify,
      module: { type },
      jsc: {
        target,
        externalHelpers,
        parser: { syntax: 'ecmascript' },
        ...(minify && { minify: { mangle: true, compress: true } }),
      },
    }).code;
const byEsbuild = (source: string): string =>
  esbuild.transformSync(source, { target: 'es2017', supported: { 'for-await': true } }).code;

const ES2017 = { target: ScriptTarget.ES2017 };
const REGENERATOR = '@babel/plugin-transform-regenerator';
const compilers: [string, (source: string) => string][] = [
  ['TypeScript', byTypeScript({ ...ES2017, module: ModuleKind.ESNext })],
  ['TypeScript, CommonJS', byTypeScript({ ...ES2017, module: ModuleKind.CommonJS })],
  ['TypeScript, ES5', byTypeScript({ target: ScriptTarget.ES5, module: ModuleKind.CommonJS })],
  [
    'TypeScript, tslib',
    byTypeScript({ ...ES2017, module: ModuleKind.ESNext, importHelpers: true }),
  ],
  [
    'TypeScript, tslib, CommonJS',
    byTypeScript({ ...ES2017, module: ModuleKind.CommonJS, importHelpers: true }),
  ],
  ['Babel', byBabel(['@babel/plugin-transform-async-generator-functions'])],
  ['Babel, ES5', byBabel([], [['@babel/preset-env', { targets: 'ie 11' }]])],
  ["Babel's regenerator", byBabel([REGENERATOR])],
  ['esbuild', byEsbuild],
  ['SWC', bySwc('es2017', 'es6', false)],
  ['SWC, ES5', bySwc('es5', 'commonjs', false)],
  ['SWC, @swc/helpers', bySwc('es2017', 'es6', true)],
  ['SWC, @swc/helpers, CommonJS', bySwc('es2017', 'commonjs', true)],
  ['SWC, @swc/helpers, minified', bySwc('es2017', 'es6', true, true)],
  ['SWC, @swc/helpers, CommonJS, minified', bySwc('es2017', 'commonjs', true, true)],
];

/** What tools print that are not installed here. */
const printed: [string, string][] = [
  [
    "Babel's, with @babel/runtime",
    'import _wrapAsyncGenerator from "@babel/runtime/helpers/wrapAsyncGenerator";\nconst rows = _wrapAsyncGenerator(function* () {});',
  ],
  [
    "Babel's, with @babel/runtime, CommonJS",
    'var _interop = require("@babel/runtime/helpers/interopRequireDefault");\nvar _wrapAsyncGenerator2 = _interop(require("@babel/runtime/helpers/wrapAsyncGenerator"));\n(0, _wrapAsyncGenerator2.default)(function* () {});',
  ],
  ['a call by `.default` alone', '(0, _wrapAsyncGenerator2.default)(function* () {});'],
  ['a call of a renamed helper', '_wrapAsyncGenerator$1(function* () {});'],
  ['babelHelpers', 'babelHelpers.wrapAsyncGenerator(function* () {});'],
  [
    "Babel's, with @babel/runtime, minified",
    'import a from"@babel/runtime/helpers/esm/wrapAsyncGenerator";a(function*(){})',
  ],
  [
    "Babel's, with @babel/runtime, CommonJS, minified",
    'var a=b(require("@babel/runtime/helpers/wrapAsyncGenerator"));(0,a.default)(function*(){})',
  ],
  ["Oxc's", 'import a from "@oxc-project/runtime/helpers/wrapAsyncGenerator";'],
  ["TypeScript's, tslib, minified", 'import{__asyncGenerator as a}from"tslib";a(this,null,0)'],
  ["TypeScript's, CommonJS", '(0, tslib_1.__asyncGenerator)(this, arguments, function* () {});'],
  ["SWC's before 1.2", 'swcHelpers.wrapAsyncGenerator(function* () {});'],
  [
    'regenerator',
    'var _marked = regeneratorRuntime.mark(rows);\nfunction rows() { return regeneratorRuntime.async(function rows$(_context) {}, _marked, null, null, Promise); }',
  ],
  [
    'regenerator, with @babel/runtime',
    '_regenerator.default.async(function rows$(_context) {}, _marked);',
  ],
  ["Babel's regenerator in a function", '_regeneratorRuntime().async(function () {}, _marked);'],
  ["Babel 6's", 'let rows = (() => { var _ref = asyncGenerator.wrap(function* () {}); })();'],
];

const warn = (code: string): Promise<any[]> =>
  warningsDuring(async () =>
    jest.isolateModules(() => {
      const fresh = require(plugin).default;
      babel.transformSync(code, {
        configFile: false,
        babelrc: false,
        filename: '/project/src/a.js',
        plugins: [fresh],
      });
    }),
  );
const LOWERED = [
  expect.objectContaining({
    code: 'ERR_ASYNCGEN_LOWERED',
    message: expect.stringContaining('/project/src/a.js, its async generators were lowered'),
  }),
];

describe('async generators that were lowered before are told of', () => {
  test.each(compilers)('%s', async (_, lower) => {
    const lowered = lower(SOURCE);
    expect(lowered).not.toMatch(/async\s*(?:function\s*)?\*/);
    expect(await warn(lowered)).toEqual(LOWERED);
  });

  test.each(printed)('%s', async (_, code) => {
    expect(await warn(code)).toEqual(LOWERED);
  });
});

test('beside others that were not', async () => {
  const [warning] = await warn(`${SOURCE}\n_wrapAsyncGenerator(function* () {});`);
  expect(warning.message).toContain('a.js, some of its async generators were lowered');
});

describe('nothing is told where none was lowered', () => {
  test.each(compilers)('%s', async (_, lower) => {
    expect(await warn(lower(PLAIN))).toEqual([]);
  });

  test.each([
    ['the helper alone', 'var __asyncGenerator = function (thisArg) {};'],
    ['an async function of regenerator', 'regeneratorRuntime.async(function () {}, null, this);'],
    ['helpers among themselves', 'exports.a = require("./_wrap_async_generator.cjs");'],
    ['other names', 'asyncGenerator(1); rewrapAsyncGenerator(function () {}); a.async(1, 2);'],
    ['a text', 'console.log("_wrapAsyncGenerator(function* () {})");'],
  ])('%s', async (_, code) => {
    expect(await warn(code)).toEqual([]);
  });
});
