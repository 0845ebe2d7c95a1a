import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { NodeProject, type End } from './support/node-project.js';

const generator = 'export async function* items() {\n  yield 1;\n}\n';
let project: NodeProject;

beforeAll(() => {
  project = new NodeProject({
    'package.json': { type: 'module' },
    'src/main.js': `import { describeAsyncGen } from 'asyncgen-hooks';
import { items } from './lib/items.js';
console.log(describeAsyncGen(items()));
`,
    'src/lib/items.js': generator,
    'src/lib/typed.ts': 'export async function* typed(): AsyncGenerator<number> {}\n',
    'src/data.json': { a: 1 },
    'src/node_modules/dependency/index.js': generator,
  });
});
afterAll(() => project[Symbol.dispose]());

const compile = (...args: string[]): Promise<End> => project.command(['compile', ...args]);

test('a folder is compiled or copied as a whole, without its dependencies', async () => {
  expect(await compile('src', '--out-dir', 'dist')).toEqual({
    stdout: 'asyncgen-hooks: compiled 2 files, copied 2 files to dist.\n',
    stderr: '',
    code: 0,
    signal: null,
  });
  const { stdout } = await project.start(['dist/main.js']);
  expect(stdout).toBe("{ name: 'items', file: 'src/lib/items.js', line: 1, column: 7 }\n");
  expect(project.read('dist/main.js')).toBe(project.read('src/main.js'));
  expect(project.readJson('dist/data.json')).toEqual({ a: 1 });
  expect(project.read('dist/lib/typed.ts')).toContain('AsyncGenerator<number>');
  expect(existsSync(join(project.root, 'dist/node_modules'))).toBe(false);
});

test('its source maps lead to the source', async () => {
  await compile('src', '--out-dir', 'dist');
  const lines = project.read('dist/lib/items.js').split('\n');
  const line = lines.findIndex((text) => text.includes('yield 1'));
  expect(lines).toContain('//# sourceMappingURL=items.js.map');
  const map = new TraceMap(project.readJson('dist/lib/items.js.map'));
  expect(
    originalPositionFor(map, { line: line + 1, column: lines[line]!.indexOf('yield') }),
  ).toMatchObject({ source: '../../src/lib/items.js', line: 2, column: 2 });
});

test('files and globs, what is included, and what an earlier run left', async () => {
  expect((await compile('src/**/*.js', '-d', 'out')).stdout).toContain(
    'compiled 1 file, copied 1 file',
  );
  expect(existsSync(join(project.root, 'out/lib/items.js.map'))).toBe(true);
  expect((await compile('src/lib/items.js', '-d', 'out')).stdout).toContain('compiled 1 file,');
  expect(existsSync(join(project.root, 'out/items.js.map'))).toBe(true);
  const flags = ['--exclude', '**/*.ts'];
  expect((await compile('src', '-d', 'src/out', ...flags)).stdout).toContain(
    'compiled 1 file, copied 3',
  );
  expect((await compile('src', '-d', 'src/out', ...flags)).stdout).toContain(
    'compiled 1 file, copied 3',
  );
});

test.each<[string, string[], string]>([
  ['no folder', ['src'], 'arguments, there is no --out-dir. Name the folder that the files go to.'],
  ['no file', ['none', '-d', 'out'], 'asyncgen-hooks/node: none, there is no such file.'],
  [
    'the folder itself',
    ['src', '-d', 'src'],
    'src/data.json would be overwritten. Name another folder.',
  ],
])('%s: one error', async (_, args, text) => {
  const { code, stderr, stdout } = await compile(...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(text);
});

test('a file that does not parse is named, and the exit code is 1', async () => {
  project.write({ 'broken/a.js': `${generator}let let = 1;\n` });
  const { code, stderr } = await compile('broken', '-d', 'out');
  expect(code).toBe(1);
  expect(stderr).toContain('broken/a.js');
  expect(stderr).toContain('(4:4)');
});
