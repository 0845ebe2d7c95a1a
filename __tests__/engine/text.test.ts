import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction, createContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { compileByEngine } from '../helpers/engine.js';
import { run } from '../helpers/run.js';

const script = (code: string): string =>
  compileByEngine(code, 'input.js', { sourceType: 'script' }).code;
const module = (code: string): string => compileByEngine(code, 'input.mjs').code;

async function all(gen: AsyncIterable<unknown>): Promise<unknown[]> {
  const items = [];
  for await (const item of gen) items.push(item);
  return items;
}

/** What a program of a script gives that exports a generator function. */
const itemsOf = (code: string): Promise<unknown[]> =>
  all((run(script(code)) as () => AsyncIterable<unknown>)());

describe('what stands first', () => {
  const rows = 'async function* rows() {}';

  test.each([
    ['a file', rows, /^import \{[^\n]+\} from "asyncgen-hooks\/shim";/],
    ['a hashbang', `#!/usr/bin/env node\n${rows}`, /^#!\/usr\/bin\/env node\nimport /],
    ['a byte order mark', `\uFEFF${rows}`, /^\uFEFFimport /],
    ['directives', `'use client'\n${rows}`, /^'use client';import /],
    ['a pragma', `/** @jsx h */\n${rows}`, /^\/\*\* @jsx h \*\/import /],
    ['a pragma to the end of its line', `// @ts-nocheck\n${rows}`, /^\/\/ @ts-nocheck\nimport /],
    ['another comment', `// A licence.\n${rows}`, /^import [^\n]+\/\/ A licence\.\n/],
  ])('%s', (_, code, first) => {
    expect(module(code)).toMatch(first);
  });

  test('the require of a script stands behind its directives', () => {
    expect(script(`"use strict"\n${rows}`)).toMatch(/^"use strict";const \{ [^\n]+\} = require\(/);
  });
});

describe('the text outside of async generators', () => {
  const odd = 'function odd ( a,b ) {return a}';

  test.each(['\n', '\r\n', '\r', '\u2028'])('is the same to the character: %j', (end) => {
    const lines = [
      odd,
      '/* a */ async function* rows ( ) { yield  1 }',
      `${odd.replace('odd', 'other')} // b`,
      '',
    ];
    const code = module(lines.join(end));
    expect(code.split(end).length).toBe(lines.length);
    expect(code.split(end).slice(2)).toEqual(lines.slice(2));
    expect(code).toContain(odd + end);
    expect(code).toContain('async function* _rows ( ) {');
  });

  test('a file without async generators, or with none to compile, is left alone', () => {
    for (const code of [
      'async () => 1 * 2',
      '// asyncgen-hooks ignore file\nasync function* a() {}',
    ])
      expect(compileByEngine(code)).toEqual({ code, map: undefined, isLowered: false });
  });

  test('what was compiled is not compiled again', () => {
    const code = module('async function* rows() {}');
    expect(module(code)).toBe(code);
  });

  test('what would end a script in a page is not written out', () => {
    expect(module("x = { async *'<\\/script>'() {} }")).not.toContain('</script>');
  });
});

describe('statements without semicolons end where they ended', () => {
  test.each([
    [
      'a bare yield, then a parenthesis',
      'const a = yield\n(0, [1].push(2))\nyield a',
      [undefined, undefined],
    ],
    ['an update, then a bracket', 'let n = 1; yield n++\n;[n].push(2)\nyield n', [1, 2]],
    [
      'an arrow function, then a parenthesis',
      'const f = yield x => x\n;(1, 2)',
      [expect.any(Function)],
    ],
    ['return of an update in an if', 'let n = 1; if (n) yield n++\nelse yield 5\nyield n', [1, 2]],
    ['return in an if', 'if (1) return\nelse yield 1', []],
    ['the last one', 'yield 1', [1]],
    ['one in front of a return', 'let n = 0\nn++\nyield n\nreturn\n', [1]],
    ['a sequence', 'yield (1, 2); for await (const x of (0, [3])) yield x', [2, 3]],
    ['no gap', 'for await(const x of[1])yield(x);yield[2][0];yield`3`', [1, 2, '3']],
    [
      'a regular expression behind a yield',
      'yield\n/a/.test("a")\nyield /b/.source',
      [undefined, 'b'],
    ],
  ])('%s', async (_, body, items) => {
    expect(await itemsOf(`module.exports = async function* () {${body}}`)).toEqual(items);
  });
});

test('every word that stays maps to itself, column by column', () => {
  const code = `const { a } = x; async function* rows(a, b) {\r\n  const c = a.b(c) + \`t\${ yield  b }\`;\n\n  if (c) return\n}\nclass A { async *[a + b]() { yield* a(b) } }\n`;
  const { code: output, map } = compileByEngine(code, 'input.mjs');
  const trace = new TraceMap(map as never);
  const lines = code.split('\n');
  let seen = 0;
  output.split('\n').forEach((line, i) => {
    for (const { index, 0: word } of line.matchAll(/[\w$]+|[^\w\s$]/g)) {
      const { line: at, column } = originalPositionFor(trace, { line: i + 1, column: index });
      // What begins or ends a part of the source in its place is mapped there.
      if (at === null || /^[_{};]/.test(word)) continue;
      seen++;
      expect(at).toBe(i + 1);
      expect(lines[i]!.slice(column!, column! + 1)).toBe(word[0]);
    }
  });
  expect(seen).toBeGreaterThan(45);
});

test('the map leads through the one that came in, and so do sites and lines', () => {
  const inputMap = { version: 3, sources: ['rows.ts'], names: [], mappings: 'AASA;AACA' };
  const { code, map } = compileByEngine('async function* rows() {\nyield 1; }', 'rows.js', {
    inputMap,
  });
  expect(code).toContain('"rows.ts:10:0 rows"');
  expect(code).toContain('_gen.item(1, 11)');
  expect(map!.sources).toEqual(['rows.ts']);
});

test('what does not parse tells where', () => {
  const attempt = (): unknown => compileByEngine('async function* rows() {\n  yield let;\n}');
  expect(attempt).toThrow(expect.objectContaining({ loc: expect.objectContaining({ line: 2 }) }));
});

test('the engine runs where there is nothing of Node', () => {
  const exports = {} as typeof import('../../src/engine/index.js');
  const text = readFileSync(join(__dirname, '../../dist/engine.cjs'), 'utf8');
  // In a function, as CommonJS is: a context may have globals that its names would clash with.
  const parsingContext = createContext({});
  compileFunction(text, ['exports', 'module'], { parsingContext })(exports, { exports });
  const input = {
    code: 'async function* a() {}',
    language: 'js',
    sourceType: 'module',
    file: 'a.js',
    source: 'a.js',
  } as const;
  const { compiled } = exports.compile(input, { importSource: 'shim', locations: true });
  expect(compiled!.code).toContain('from "shim"');
});

test('texts of one line and a megabyte take linear time', () => {
  const one = 'async function*g(){yield 1}';
  const nested = Array.from(
    { length: 3000 },
    (_, i) => `f(async function*g${i}(){yield ${i}});`,
  ).join('');
  const switched = `switch (x) {${Array.from({ length: 1000 }, (_, i) => `case ${i}: async function* g${i}() {}`).join(' ')}}`;
  const comments = `${one};${'x/*c*/;'.repeat(130_000)}`;
  const words = `${one};x="${'async function * '.repeat(60_000)}"`;
  for (const code of [nested, switched, words, comments]) {
    const start = performance.now();
    script(code);
    expect(performance.now() - start).toBeLessThan(20_000);
  }
});

test('no file of the engine names a module of Node', () => {
  for (const room of ['engine', 'syntax'])
    for (const file of readdirSync(join(__dirname, '../../src', room)))
      expect(readFileSync(join(__dirname, '../../src', room, file), 'utf8')).not.toMatch(
        /from 'node:/,
      );
});
