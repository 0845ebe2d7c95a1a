import { expect, test } from '@jest/globals';
import { bundle } from './support/bundle.js';
import { packageRoot, Project, PUBLISHED } from './support/project.js';
import { compileProgram, readProgram } from './support/programs.js';

/** Two installed copies, of both formats, and a third that a bundler put into a program. */
async function makeCopies(): Promise<Project> {
  const generator = (filename: string, importSource: string): string =>
    compileProgram('generator.js', filename.endsWith('.cjs') ? 'commonjs' : 'esm', {
      filename,
      importSource,
    });
  const project = new Project({
    'host.mjs': readProgram('copies-host.mjs'),
    'scopes.mjs': readProgram('copies-scopes.mjs'),
    'frozen-global.cjs': readProgram('frozen-global.cjs'),
    'a.mjs': generator('a.mjs', 'copy-a/shim'),
    'a.cjs': generator('a.cjs', 'copy-a/shim'),
    'b.mjs': generator('b.mjs', 'copy-b/shim'),
    'b.cjs': generator('b.cjs', 'copy-b/shim'),
    'to-bundle.mjs': generator('bundle.mjs', 'asyncgen-hooks/shim'),
  });
  for (const name of ['copy-a', 'copy-b']) project.install(name, packageRoot, PUBLISHED);
  return project.write({ 'bundle.cjs': await bundle(project, 'to-bundle.mjs', { format: 'cjs' }) });
}

const files = ['a.mjs', 'a.cjs', 'b.mjs', 'b.cjs', 'bundle.mjs'].map((name) => `src/${name}`);

test('copies of the package share hooks and describe the generators of each other', async () => {
  using project = await makeCopies();
  const shared = { seen: files, ended: files, isShared: true };
  expect(await project.runForRecord('host.mjs')).toEqual({
    early: files,
    'a.mjs': shared,
    'a.cjs': shared,
    'b.mjs': shared,
    'b.cjs': shared,
  });
});

test('scopes of one copy own generators of the other, and no tracker closes what they own', async () => {
  using project = await makeCopies();
  const [a, b] = ['src/a.mjs', 'src/b.mjs'];
  expect(await project.runForRecord('scopes.mjs')).toEqual({
    trackers: [
      [a, b],
      [a, b],
    ],
    scopes: [
      [a, b, b],
      [a, b],
    ],
    closed: [
      [a, b, b],
      [a, b],
    ],
    inside: Array.from({ length: 5 }, () => ({ done: true })),
    outside: [a, b],
    left: [],
    kept: 2,
  });
});

test('where globalThis was frozen before, each copy works alone', async () => {
  using project = await makeCopies();
  const alone = (name: string) => ({
    seen: [`src/${name}`],
    ended: [`src/${name}`],
    isShared: false,
  });
  expect(await project.runForRecord('--require=./frozen-global.cjs', 'host.mjs')).toEqual({
    early: ['src/a.mjs'],
    'a.mjs': alone('a.mjs'),
    'a.cjs': alone('a.cjs'),
    'b.mjs': alone('b.mjs'),
    'b.cjs': alone('b.cjs'),
  });
});

test('the registry on globalThis cannot be overwritten, redefined or deleted', async () => {
  using project = new Project({ 'main.mjs': readProgram('property.mjs') });
  expect(await project.runForRecord('main.mjs')).toEqual({
    assign: 'TypeError',
    delete: 'TypeError',
    define: 'TypeError',
    isEnumerable: false,
    isKept: true,
  });
});
