import { chmodSync, existsSync, statSync } from 'node:fs';
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
  const line = lines.findIndex((text) => text.includes('yield _gen.item(1'));
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
  ['no folder', ['src'], 'No --out-dir given. Name the folder that the files go to.'],
  ['no file', ['none', '-d', 'out'], 'asyncgen-hooks/node: No such file: none.'],
  [
    'the folder itself',
    ['src', '-d', 'src'],
    'src/data.json would be overwritten. Name another folder in --out-dir.',
  ],
])('%s: one error', async (_, args, text) => {
  const { code, stderr, stdout } = await compile(...args);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(text);
});

test('files that do not parse are named and copied, the others compiled, and the exit code is 1', async () => {
  const broken = `${generator}let let = 1;\n`;
  project.write({
    'broken/a.js': broken,
    'broken/b.ts': 'async function* () {}\n',
    'broken/c.js': generator,
  });
  const { code, stdout, stderr } = await compile('broken', '-d', 'mended');
  expect(code).toBe(1);
  expect(stdout).toBe('asyncgen-hooks: compiled 1 file, copied 2 files to mended.\n');
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(
    /^asyncgen-hooks\/node: broken\/a\.js cannot be parsed \(.+ \(4:4\)\), and no hook will see .+\. Mend the file, or name it in --exclude\.$/,
  );
  expect(lines[1]).toContain('broken/b.ts');
  expect(project.read('mended/a.js')).toBe(broken);
  expect(project.read('mended/c.js')).toContain('asyncgen-hooks/shim');
});

test('in a package of CommonJS the text tells what a file is, but where its name does', async () => {
  const plain = 'module.exports = async function* plain() {};\n';
  project.write({
    'common/package.json': { type: 'commonjs' },
    'common/a.js': generator,
    'common/b.ts': generator,
    'common/c.js': plain,
    'common/d.cjs': plain,
    'common/e.cts': plain,
    'common/f.cjs': generator,
  });
  const { stdout, stderr } = await compile('common', '-d', 'mixed');
  expect(stdout).toBe('asyncgen-hooks: compiled 5 files, copied 2 files to mixed.\n');
  expect(stderr).toMatch(/^asyncgen-hooks\/node: common\/f\.cjs cannot be compiled .*\n$/);
  for (const name of ['a.js', 'b.ts']) expect(project.read(`mixed/${name}`)).toMatch(/^import /);
  for (const name of ['c.js', 'd.cjs', 'e.cts'])
    expect(project.read(`mixed/${name}`)).toContain('require("asyncgen-hooks/shim")');
});

test('two files that would be one: nothing is written', async () => {
  project.write({ 'one/index.mjs': generator, 'two/index.mjs': generator });
  expect(await compile('one', 'two', '-d', 'same')).toMatchObject({
    code: 1,
    stdout: '',
    stderr:
      'asyncgen-hooks/node: one/index.mjs and two/index.mjs would both become same/index.mjs. Name the folder above them.\nSee asyncgen-hooks/docs/errors.md#err_asyncgen_option\n',
  });
  expect(existsSync(join(project.root, 'same'))).toBe(false);
  expect(await compile('one', 'one/*.mjs', '-d', 'same')).toMatchObject({ code: 0 });
});

test('a script that can be run stays one, and a folder may be named c#', async () => {
  project.write({ 'c#/cli.mjs': `#!/usr/bin/env node\n${generator}` });
  chmodSync(join(project.root, 'c#/cli.mjs'), 0o755);
  expect((await compile('c#', '-d', 'scripts')).stdout).toContain('compiled 1 file,');
  expect(project.read('scripts/cli.mjs')).toMatch(/^#!\/usr\/bin\/env node\n/);
  if (process.platform !== 'win32')
    expect(statSync(join(project.root, 'scripts/cli.mjs')).mode & 0o777).toBe(0o755);
});

test('the map of a source does not take the place of the new one', async () => {
  const map = { version: 3, sources: ['old.ts'], names: [], mappings: 'AAAA' };
  project.write({
    'mapped/a.mjs': `${generator}//# sourceMappingURL=a.mjs.map\n`,
    'mapped/a.mjs.map': map,
  });
  expect((await compile('mapped', '-d', 'remapped')).code).toBe(0);
  expect(project.readJson('remapped/a.mjs.map')).toMatchObject({ sources: ['../mapped/old.ts'] });
});
