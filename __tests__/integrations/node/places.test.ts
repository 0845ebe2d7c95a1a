import { expect, test } from '@jest/globals';
import { esm, hooked, printed, use } from './support/modules.js';
import { NodeProject, readTable } from './support/node-project.js';

test.each([
  ['c#/a?b', '#%'],
  ['asyncgen-hooks', 'dist'],
])('what stands in folders with names as %s/%s', async (parent, folder) => {
  const place = `${parent}/${folder}`;
  using project = new NodeProject({
    [`${place}/main.mjs`]: `import lib from './lib.cjs';\n${esm('items', use('items'))}${use('lib.more')}`,
    [`${place}/lib.cjs`]: 'exports.more = async function* more() { yield 1; };\n',
  });
  expect(await printed(project, `${place}/main.mjs`)).toBe(
    hooked(`items ${place}/main.mjs:2`, `more ${place}/lib.cjs:1`),
  );
});

test.each(['app (copy)', '[drafts]', 'a{b,c}', '@(x)!', 'ümläut😀.d+'])(
  'globs are relative to a folder named %s',
  async (cwd) => {
    using project = new NodeProject({
      [`${cwd}/src/a.mjs`]: esm('a', use('a')),
      [`${cwd}/shared.mjs`]: esm('b', use('b')),
    });
    const generators = async (...globs: string[]): Promise<unknown[]> => {
      const flags = globs.flatMap((glob) => ['--include', glob]);
      const { stderr } = await project.command([...flags, 'src/a.mjs'], { cwd });
      return readTable(stderr).map(({ generator }) => generator);
    };
    expect(await generators('src/**')).toEqual(['a']);
    expect(await generators('./src/../src/a.*')).toEqual(['a']);
    expect(await generators('shared.mjs')).toEqual([]);
  },
);

test('a glob that begins with ** matches anywhere, as in bundlers', async () => {
  using project = new NodeProject({
    'app/main.mjs': `import '../lib/lib.test.mjs';\n${esm('main', use('main'))}`,
    'lib/lib.test.mjs': esm('lib', use('lib')),
  });
  const generators = async (...flags: string[]): Promise<unknown[]> => {
    const { stderr } = await project.command([...flags, 'main.mjs'], {
      cwd: 'app',
    });
    return readTable(stderr).map(({ generator }) => generator);
  };
  expect((await generators()).sort()).toEqual(['lib', 'main']);
  expect(await generators('--exclude', '**/*.test.mjs')).toEqual(['main']);
  expect(await generators('--include', '**/lib/*')).toEqual(['lib']);
});

test('dependencies, unless they are included', async () => {
  using project = new NodeProject({
    'main.mjs': `import { items } from 'dependency';\n${use('items')}`,
    'node_modules/dependency/package.json': { type: 'module', exports: './index.js' },
    'node_modules/dependency/index.js': esm('items'),
  });
  expect(await printed(project, 'main.mjs')).toBe('1\n');
  project.write({ 'asyncgen-hooks.config.json': { include: 'node_modules/dependency/**' } });
  expect(await printed(project, 'main.mjs')).toBe(
    hooked('items node_modules/dependency/index.js:1'),
  );
  project.write({ 'asyncgen-hooks.config.json': { exclude: 'other.mjs' } });
  expect(await printed(project, 'main.mjs')).toBe('1\n');
  project.write({ 'asyncgen-hooks.config.json': { exclude: [] } });
  expect(await printed(project, 'main.mjs')).toContain(
    'hooked items node_modules/dependency/index.js:1',
  );
});
