import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { NodeProject, type End } from './support/node-project.js';

const generator = 'export async function* items() {\n  yield 1;\n}\n';

/** Runs `compile` in the folder `cwd`, which has its Babel above it. */
const compileIn = (project: NodeProject, cwd: string, ...args: string[]): Promise<End> =>
  project.command(['compile', ...args], { cwd });

const link = (project: NodeProject, from: string, to: string): void =>
  symlinkSync(to, join(project.root, from));

test('the target may be a folder above the sources, or the one that the command runs in', async () => {
  using project = new NodeProject({ 'app/src/deep/a.mjs': generator, 'app/src/b.mjs': generator });
  for (const [target, files] of [
    ['.', ['deep/a.mjs', 'b.mjs']],
    ['..', ['../deep/a.mjs', '../b.mjs']],
  ] as const) {
    expect(await compileIn(project, 'app', 'src', '-d', target)).toMatchObject({
      stdout: `asyncgen-hooks: compiled 2 files, copied 0 files to ${target}.\n`,
      code: 0,
    });
    for (const file of files)
      expect(project.read(join('app', file))).toContain('asyncgen-hooks/shim');
  }
  expect(await compileIn(project, 'app/src', 'deep/a.mjs', '-d', '.')).toMatchObject({ code: 0 });
  expect(project.read('app/src/a.mjs')).toContain('asyncgen-hooks/shim');
});

test('where nothing but the target is named, there is an error and no empty success', async () => {
  using project = new NodeProject({ 'app/out/lib/a.mjs': generator });
  expect(await compileIn(project, 'app', '**/*.mjs', '-d', 'out')).toEqual({
    stdout: '',
    stderr:
      'asyncgen-hooks/node: all of **/*.mjs is in --out-dir. Name files outside of out.\nSee asyncgen-hooks/docs/errors.md#err_asyncgen_option\n',
    code: 1,
    signal: null,
  });
});

test('a glob may name folders above in its braces, and behind a star', async () => {
  const files = { 'app/src/a.mjs': generator, 'app/lib/c.mjs': generator, 'b/b.mjs': generator };
  using project = new NodeProject(files);
  const out = 'app/out';
  expect(await compileIn(project, 'app', '{src,../b}/*.mjs', '-d', 'out')).toMatchObject({
    stdout: 'asyncgen-hooks: compiled 2 files, copied 0 files to out.\n',
  });
  expect(project.read(`${out}/app/src/a.mjs`)).toContain('asyncgen-hooks/shim');
  expect(project.read(`${out}/b/b.mjs`)).toContain('asyncgen-hooks/shim');

  await compileIn(project, 'app', '{src,lib}/*.mjs', '-d', 'flat');
  expect(existsSync(join(project.root, 'app/flat/src/a.mjs'))).toBe(true);
  await compileIn(project, 'app', '*/../../{b,c}/{b,{c,d}}.mjs', '-d', 'above');
  expect(existsSync(join(project.root, 'app/above/b/b.mjs'))).toBe(true);
});

test('--include and --exclude may name folders above in their braces', async () => {
  using project = new NodeProject({
    'app/src/a.mjs': generator,
    'app/lib/c.mjs': generator,
    'b/b.mjs': generator,
  });
  const from = ['{src,lib,../b}/*.mjs', '-d', 'out'];
  const compiled = async (...flags: string[]): Promise<string> =>
    (await compileIn(project, 'app', ...from, ...flags)).stdout;
  expect(await compiled('--include', '{src,../b}/**')).toContain('compiled 2 files, copied 1 file');
  expect(await compiled('--exclude', '{lib,../b}/*')).toContain('compiled 1 file, copied 2 files');
});

test('links are followed inside of the folder, and not out of it', async () => {
  using project = new NodeProject({
    'outside/secret.mjs': generator,
    'src/lib/a.mjs': generator,
    'src/main.mjs': '',
  });
  link(project, 'src/alias.mjs', 'lib/a.mjs');
  link(project, 'src/library', 'lib');
  link(project, 'src/lib/loop', '..');
  link(project, 'src/away', '../outside');
  link(project, 'src/away.mjs', '../outside/secret.mjs');
  link(project, 'src/gone.mjs', 'nowhere.mjs');
  const { stdout, stderr, code } = await compileIn(project, '.', 'src', '-d', 'out');
  expect(stdout).toBe('asyncgen-hooks: compiled 3 files, copied 1 file to out.\n');
  const message = (name: string): string =>
    `asyncgen-hooks/node: src/${name} is a link to nothing or out of what was named, and was not ` +
    'followed. Name what it leads to, or name the link in --exclude.\n';
  expect(stderr).toBe(['away', 'away.mjs', 'gone.mjs'].map(message).join(''));
  expect(code).toBe(1);
  for (const file of ['lib/a.mjs', 'alias.mjs', 'library/a.mjs'])
    expect(project.read(`out/${file}`)).toContain('asyncgen-hooks/shim');
  expect(existsSync(join(project.root, 'outside/secret.mjs.map'))).toBe(false);

  const excluded = ['--exclude', 'src/away*', '--exclude', 'src/gone.mjs'];
  expect(await compileIn(project, '.', 'src', '-d', 'out', ...excluded)).toMatchObject({
    stderr: '',
    code: 0,
  });
  // What is named itself is followed.
  expect(await compileIn(project, '.', 'src/away', '-d', 'named')).toMatchObject({
    stdout: 'asyncgen-hooks: compiled 1 file, copied 0 files to named.\n',
    code: 0,
  });
});

test('folders that link to each other have an end', async () => {
  using project = new NodeProject({ 'src/a/a.mjs': generator, 'src/b/b.mjs': generator });
  link(project, 'src/a/b', '../b');
  link(project, 'src/b/a', '../a');
  expect(await compileIn(project, '.', 'src', '-d', 'out')).toMatchObject({
    stdout: 'asyncgen-hooks: compiled 4 files, copied 0 files to out.\n',
    stderr: '',
    code: 0,
  });
});

test('a target that is the sources by a link is refused before anything is written', async () => {
  using project = new NodeProject({ 'src/a.mjs': generator });
  link(project, 'out', 'src');
  const { code, stderr } = await compileIn(project, '.', 'src', '-d', 'out');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr:
      'asyncgen-hooks/node: src/a.mjs would be overwritten. Name another folder in --out-dir.\nSee asyncgen-hooks/docs/errors.md#err_asyncgen_option\n',
  });
  expect(project.read('src/a.mjs')).toBe(generator);
});
