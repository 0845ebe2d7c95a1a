import { afterEach, describe, expect, test } from '@jest/globals';
import type { TransformOptions } from '@babel/core';
import { getAsyncGenHandle, setAsyncGenHooks } from 'asyncgen-hooks';
import ts from 'typescript';
import { compileHooked } from '../helpers/babel.js';
import { clearHooks } from '../helpers/hooks.js';
import { run } from '../helpers/run.js';

afterEach(clearHooks);

/** `rows` stands at 6:0 and is parked at line 8; `other` at 11:14, and is parked at line 12. */
const source = `interface Row {
  id: number;
}
type Wait = () => Promise<void>;

async function* rows(count: number, wait?: Wait): AsyncGenerator<Row> {
  for (let id = 0; id < count; id++) {
    yield { id };
  }
}
const other = async function* (): AsyncGenerator<number> {
  yield* [1];
};
export const all = { rows, other };
`;

const module = ts.ModuleKind.CommonJS;
const target = ts.ScriptTarget.ES2022;

/** What TypeScript makes of it: the types are gone, and so are their lines. */
const typescript = (options: ts.CompilerOptions) =>
  ts.transpileModule(source, {
    fileName: '/project/src/rows.ts',
    compilerOptions: { module, target, ...options },
  });

const plain = typescript({});
const inline = typescript({ inlineSourceMap: true, inlineSources: true });
const mapped = typescript({ sourceMap: true });
const map = JSON.parse(mapped.sourceMapText!);

/** Where the two functions stand, and where they are parked after a step. */
async function placesIn(code: string, options: TransformOptions): Promise<string[]> {
  setAsyncGenHooks({ finalizer: () => {} });
  const { all } = run(
    compileHooked(code, { filename: '/project/src/rows.js', sourceType: 'script', ...options }),
  );
  const places: string[] = [];
  for (const gen of [all.rows(1), all.other()]) {
    await gen.next();
    const { site, parked } = getAsyncGenHandle(gen)!;
    places.push(
      `${site.file}:${site.line}:${site.column} ${site.name}, ${parked?.file}:${parked?.line}`,
    );
  }
  return places;
}

const inSource = (file: string): string[] => [
  `${file}:6:0 rows, ${file}:8`,
  `${file}:11:14 other, ${file}:12`,
];

describe('behind TypeScript, sites are positions in the source that the user wrote', () => {
  test('with an inline map', async () => {
    expect(await placesIn(inline.outputText, {})).toEqual(inSource('src/rows.ts'));
  });

  test.each([
    ['an object, as bundlers hand it over', map],
    ['sources without inlined text', { ...map, sourcesContent: undefined }],
    ['a sourceRoot', { ...map, sourceRoot: '/project/src/' }],
    ['an absolute source', { ...map, sources: ['/project/src/rows.ts'] }],
    ['a file: URL', { ...map, sources: ['file:///project/src/rows.ts'] }],
    ['another folder', { ...map, sources: ['../src/rows.ts'] }],
  ])('with %s', async (_, inputSourceMap) => {
    expect(await placesIn(mapped.outputText, { inputSourceMap })).toEqual(inSource('src/rows.ts'));
  });

  test('what is no path stays as it is', async () => {
    const inputSourceMap = { ...map, sources: ['webpack://app/src/rows.ts'] };
    expect(await placesIn(mapped.outputText, { inputSourceMap })).toEqual(
      inSource('webpack://app/src/rows.ts'),
    );
  });

  test.each([
    ['no map', plain.outputText, {}],
    ['a map that Babel is told not to read', inline.outputText, { inputSourceMap: false }],
    [
      'a map that says nothing of it',
      mapped.outputText,
      { inputSourceMap: { ...map, mappings: '' } },
    ],
  ])('with %s they are those of the file that is compiled', async (_, code, options) => {
    const lines = code.split('\n');
    const lineOf = (text: string): number => lines.findIndex((line) => line.includes(text)) + 1;
    expect(await placesIn(code, options as TransformOptions)).toEqual([
      `src/rows.js:${lineOf('function* rows')}:0 rows, src/rows.js:${lineOf('yield {')}`,
      `src/rows.js:${lineOf('const other')}:14 other, src/rows.js:${lineOf('yield*')}`,
    ]);
  });
});

test('the map changes no other byte of the output', () => {
  const compiled = [map, { ...map, mappings: '' }].map((inputSourceMap) =>
    compileHooked(mapped.outputText, { inputSourceMap, sourceType: 'script' }),
  );
  const [behind, without] = compiled.map((code) =>
    code.replaceAll(/"src\/[^"]+"/g, '"…"').replaceAll(/, \d+\);/g, ', n);'),
  );
  expect(behind).toBe(without);
});
