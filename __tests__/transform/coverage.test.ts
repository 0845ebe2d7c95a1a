import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { PluginItem } from '@babel/core';
import type * as t from '@babel/types';
import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { babel, plugin } from '../helpers/babel.js';
import { PROGRAM } from '../helpers/coverage.js';
import { compileByEngine } from '../helpers/engine.js';

const istanbul = require('babel-plugin-istanbul') as PluginItem;
const v8ToIstanbul = require('v8-to-istanbul') as (
  file: string,
  wrapper: number,
  sources: object,
) => any;

type Span = { start: { line: number; column: number } };

/** As istanbul has it. */
interface Counted {
  statementMap: Record<string, Span>;
  s: Record<string, number>;
  fnMap: Record<string, { loc: Span }>;
  f: Record<string, number>;
  branchMap: Record<string, { loc: Span }>;
  b: Record<string, number[]>;
}

const folder = mkdtempSync(join(tmpdir(), 'asyncgen-hooks-coverage-'));
afterAll(() => rmSync(folder, { recursive: true }));

const importSource = pathToFileURL(join(__dirname, '../../dist/shim.mjs')).href;
const ours: PluginItem = [plugin, { importSource }];
/** In the place of a list of plugins. */
const ENGINE = 'engine';

function compiled(code: string, plugins: PluginItem[] | typeof ENGINE) {
  if (plugins === ENGINE) return compileByEngine(code, 'program.mjs', { importSource });
  return babel.transformSync(code, {
    filename: join(folder, 'program.mjs'),
    cwd: folder,
    babelrc: false,
    configFile: false,
    sourceMaps: true,
    plugins,
  })!;
}

interface Range {
  start: { line?: number; column?: number | null };
  end: { line?: number; column?: number | null };
}

const startOf = ({ start }: Span): string => `${start.line}:${start.column}`;
const sorted = (list: string[]): string[] => [...list].sort();

describe('istanbul', () => {
  interface Counters {
    statementMap: Record<string, Span>;
    fnMap: Record<string, { decl: Range; loc: Span }>;
    branchMap: Record<string, { type: string; loc: Range; locations: Range[] }>;
  }

  function countersOf(code: string, plugins: (counter: PluginItem) => PluginItem[]) {
    let counted!: Counters;
    const onCover = (_: string, counters: Counters): void => void (counted = counters);
    compiled(code, plugins([istanbul, { cwd: folder, onCover }] as PluginItem));
    return {
      statements: sorted(Object.values(counted.statementMap).map((each) => JSON.stringify(each))),
      functions: sorted(Object.values(counted.fnMap).map(({ loc }) => JSON.stringify(loc))),
      branches: sorted(Object.values(counted.branchMap).map((each) => JSON.stringify(each))),
    };
  }

  test.each([
    ['a program of all forms', PROGRAM],
    ['a return that is the only statement', 'async function* g(a) { if (a) return; else return; }'],
    [
      'a function of the body that became a variable',
      'async function* g() { var f; function f() { return 1; } yield f(); }',
    ],
    ['a declaration in a switch', 'switch (1) { case 1: async function* g() { yield 1; } }'],
    [
      'the signal of a body',
      "import { asyncGenSignal } from 'asyncgen-hooks'; async function* g() { const s = asyncGenSignal(); yield s; }",
    ],
    [
      'hints in a body',
      'async function* g(a) { /* istanbul ignore next */ yield 1; /* istanbul ignore if */ if (a) yield 2; /* istanbul ignore next */ return 1; }',
    ],
  ])('%s has the statements, functions and branches that it has without us', (_, code) => {
    const plain = countersOf(code, (counter) => [counter]);
    expect(countersOf(code, (counter) => [ours, counter])).toEqual(plain);
    expect(countersOf(code, (counter) => [counter, ours])).toEqual(plain);
  });

  test('the place of a declaration is that of its name', () => {
    const places = (plugins: (counter: PluginItem) => PluginItem[]): string[] => {
      let counted!: Counters;
      const onCover = (_: string, counters: Counters): void => void (counted = counters);
      compiled(
        'async function* rows() {}\nexport async function* more() {}',
        plugins([istanbul, { cwd: folder, onCover }] as PluginItem),
      );
      return Object.values(counted.fnMap).map(({ decl }) => JSON.stringify(decl));
    };
    expect(places((counter) => [ours, counter])).toEqual(places((counter) => [counter]));
  });
});

describe("V8's numbers", () => {
  /** Runs the program with V8's coverage on, and takes its numbers back through the source map. */
  async function numbersOf(name: string, plugins: PluginItem[] | typeof ENGINE) {
    const { code, map } = compiled(PROGRAM, plugins);
    const file = join(folder, `${name}.mjs`);
    const output = join(folder, name);
    writeFileSync(file, code!);
    const { status, stderr } = spawnSync(process.execPath, [file], {
      encoding: 'utf8',
      env: { ...process.env, NODE_V8_COVERAGE: output },
    });
    expect([status, stderr]).toEqual([0, '']);
    const { result } = JSON.parse(readFileSync(join(output, readdirSync(output)[0]!), 'utf8')) as {
      result: { url: string; functions: never[] }[];
    };
    const { functions } = result.find(({ url }) => url === pathToFileURL(file).href)!;
    const converter = v8ToIstanbul(file, 0, {
      source: code!,
      originalSource: PROGRAM,
      sourceMap: { sourcemap: map as never },
    });
    await converter.load();
    converter.applyCoverage(functions);
    const [counted] = Object.values<any>(converter.toIstanbul());
    const { statementMap, s, fnMap, f, branchMap, b } = counted as Counted;
    // Where a block that never ran reaches to the end of its function, the last brace belongs to it.
    const isBrace = (line: number): boolean => /^\s*}$/.test(PROGRAM.split('\n')[line - 1]!);
    return {
      lines: Object.entries(statementMap)
        .filter(([, { start }]) => !isBrace(start.line))
        .map(([key, { start }]) => `${start.line}: ${s[key]}`),
      functions: sorted(
        Object.entries(fnMap).map(([key, { loc }]) => `${startOf(loc)}: ${f[key]}`),
      ),
      // V8 tells of a block that never ran where it begins, and where that is depends on who prints.
      missed: sorted(
        Object.entries(branchMap)
          .filter(([key, { loc }]) => b[key]![0] === 0 && !isBrace(loc.start.line))
          .map(([, { loc }]) => String(loc.start.line)),
      ),
    };
  }

  test('a program has the lines, functions and missed blocks that it has without us', async () => {
    const plain = await numbersOf('plain', []);
    expect(plain.missed).not.toEqual([]);
    expect(await numbersOf('hooked', [ours])).toEqual(plain);

    // The engine adds no line. Where one begins with code of the source, this tool takes what was
    // put in behind that for a part of it: the function of a pair, and a body that is all in one line.
    const { lines, functions, missed } = await numbersOf('engine', ENGINE);
    expect(lines).toEqual(plain.lines);
    // Babel's map has the place of a static method at its first word, V8 behind that.
    const own = plain.functions.map((each) => each.replace('31:2', '31:9'));
    expect(functions.filter((each) => !/^(?:19|30):0/.test(each))).toEqual(own);
    expect(missed.filter((line) => line !== '76')).toEqual(plain.missed);
  });

  /**
   * What tools count that walk the tree of the running code: they take each of these nodes for one
   * of the source if the map has something for the place where it begins, or behind that.
   */
  function countedNodes(plugins: PluginItem[] | typeof ENGINE): string[] {
    const { code, map } = compiled(PROGRAM, plugins);
    const trace = new TraceMap(map as never);
    const { types } = babel;
    const nodes: string[] = [];
    const count = (kind: string, node: t.Node): void => {
      const { line, column } = node.loc!.start;
      let found = originalPositionFor(trace, { line, column });
      if (found.source === null)
        found = originalPositionFor(trace, { line, column, bias: LEAST_UPPER_BOUND });
      if (found.source !== null) nodes.push(`${kind} ${found.line}:${found.column}`);
    };
    types.traverseFast(babel.parseSync(code!, { configFile: false, babelrc: false })!, (node) => {
      if (types.isFunction(node)) count('function', node.body);
      else if (types.isVariableDeclarator(node) && node.init) count('statement', node.init);
      else if (types.isClassProperty(node) || types.isClassPrivateProperty(node)) {
        if (node.value) count('statement', node.value);
      } else if (types.isLogicalExpression(node) || types.isConditionalExpression(node))
        count('branch', node);
      else if (
        types.isStatement(node) &&
        !types.isDeclaration(node) &&
        !types.isBlockStatement(node)
      ) {
        count('statement', node);
        if (types.isIfStatement(node)) count('branch', node);
      }
    });
    return sorted(nodes);
  }

  test('nothing that we put in counts as a statement, function or branch of the source', () => {
    expect(countedNodes([ours])).toEqual(countedNodes([]));
    expect(countedNodes(ENGINE)).toEqual(countedNodes([]));
  });
});
