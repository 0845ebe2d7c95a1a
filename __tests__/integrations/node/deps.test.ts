import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { NodeProject, readTable } from './support/node-project.js';

const dependency = (name: string, version: string): Record<string, unknown> => ({
  [`${name}/package.json`]: JSON.stringify({ name, version, main: 'index.js' }),
  [`${name}/index.js`]: `exports.gen = async function* ${name.replace(/\W/g, '')}() { yield 1; };\n`,
});
const under = (folder: string, files: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));

const project = new NodeProject({
  ...under('node_modules', dependency('one', '1.2.3')),
  ...under('node_modules', dependency('@scope/two', '2.0.0')),
  ...under('node_modules/one/node_modules', dependency('inner', '3.0.0')),
  ...under('node_modules/.pnpm/kept@4.5.6/node_modules', dependency('kept', '4.5.6')),
  'main.cjs': `async function* own() { yield 1; }
    const load = (name) => require('./node_modules/' + name).gen;
    const all = [own, ...['one', '@scope/two', 'one/node_modules/inner', '.pnpm/kept@4.5.6/node_modules/kept'].map(load)];
    (async () => { for (const each of all) for await (const _ of each()); })();`,
});
afterAll(() => project[Symbol.dispose]());

describe('--deps', () => {
  const names = async (...flags: string[]): Promise<[string[], string]> => {
    const { stderr } = await project.command([...flags, 'main.cjs']);
    return [readTable(stderr).map(({ generator }) => generator), stderr];
  };

  test('compiles the packages of these names besides the project, and none within them', async () => {
    const [watched, stderr] = await names('--deps', 'one, @scope/two');
    expect(watched.sort()).toEqual(['one', 'own', 'scopetwo']);
    expect(stderr).toContain('asyncgen-hooks: one 1.2.3: 1 file loaded.\n');
    expect(stderr).toContain('asyncgen-hooks: @scope/two 2.0.0: 1 file loaded.\n');
  });

  test('finds them where pnpm keeps them', async () => {
    const [watched, stderr] = await names('--deps', 'kept');
    expect(watched.sort()).toEqual(['kept', 'own']);
    expect(stderr).toContain('asyncgen-hooks: kept 4.5.6: 1 file loaded.\n');
  });

  test('finds those of a workspace, which a link leads to', async () => {
    using workspace = new NodeProject({
      ...under('packages', dependency('three', '5.0.0')),
      // Within a package, one that says nothing but its type is none of its own.
      'packages/three/lib/package.json': '{ "type": "commonjs" }',
      'packages/three/lib/more.js': '',
      'main.cjs': `require('three').gen().return();\nrequire('three/lib/more.js');\n`,
    });
    workspace.link('three', join(workspace.root, 'packages/three'));
    const { stderr } = await workspace.command(['--deps', 'three,none', 'main.cjs']);
    expect(stderr).toContain('asyncgen-hooks: three 5.0.0: 2 files loaded.\n');
    expect(stderr).toContain('--deps none: the program loaded no file of it that we saw.\n');
  });

  test('says of which nothing was loaded, and which glob matched nothing', async () => {
    const [watched, stderr] = await names(
      '--deps',
      'none',
      '--include',
      'src/**',
      '--include',
      '*.cjs',
    );
    expect(watched).toEqual(['own']);
    expect(stderr).toContain('--deps none: the program loaded no file of it that we saw.\n');
    expect(stderr).toContain('--include src/**: it matched no file that was loaded.\n');
    expect(stderr).not.toContain('*.cjs: it matched');
  });

  test('what is no name of a package is refused', async () => {
    const { code, stderr } = await project.bin(['--deps', '../x', 'main.cjs']);
    expect([code, stderr]).toEqual([
      1,
      'asyncgen-hooks/node: option "dependencies" (--deps) holds "../x". Pass names of packages.\nSee asyncgen-hooks/docs/errors.md#err_asyncgen_option\n',
    ]);
  });

  test('stands in the configuration, too', async () => {
    project.write({ 'asyncgen-hooks.config.json': '{ "dependencies": ["one"] }' });
    const [watched] = await names();
    expect(watched.sort()).toEqual(['one', 'own']);
  });
});
