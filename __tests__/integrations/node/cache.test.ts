import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { requireBabel } from '../../helpers/babel.js';
import { esm, hooked, printed, use } from './support/modules.js';
import { NodeProject } from './support/node-project.js';

describe('the cache', () => {
  const folder = 'node_modules/.cache/asyncgen-hooks';
  const files = { 'main.mjs': esm('items', use('items')) };

  test('from the second run on Babel is not loaded', async () => {
    using project = new NodeProject(files, { hasBabel: false });
    project.write({
      'node_modules/@babel/core/package.json': { version: '7.99.0', main: 'index.js' },
      'node_modules/@babel/core/index.js': `console.log('Babel is loaded');\nmodule.exports = require(${JSON.stringify(requireBabel.resolve('@babel/core'))});\n`,
    });
    expect(await printed(project, 'main.mjs')).toBe(
      `Babel is loaded\n${hooked('items main.mjs:1')}`,
    );
    expect(await printed(project, 'main.mjs')).toBe(hooked('items main.mjs:1'));
    project.write({ 'main.mjs': `\n${files['main.mjs']}` });
    expect(await printed(project, 'main.mjs')).toBe(
      `Babel is loaded\n${hooked('items main.mjs:2')}`,
    );
    project.write({ 'asyncgen-hooks.config.json': { cache: false } });
    expect(await printed(project, 'main.mjs')).toBe(
      `Babel is loaded\n${hooked('items main.mjs:2')}`,
    );
  });

  test.each<[string, (text: string) => string]>([
    ['cut off', (text) => text.slice(0, -20)],
    ['empty', () => ''],
    ['changed', (text) => text.replace(/yield/g, 'YIELD')],
    ['changed at one place', (text) => text.replace('wrap', 'WRAP')],
  ])('a broken entry is made anew: %s', async (_, spoil) => {
    using project = new NodeProject(files);
    await printed(project, 'main.mjs');
    const [entry] = readdirSync(join(project.root, folder)).filter(
      (name) => !name.endsWith('.map'),
    );
    const file = join(project.root, folder, entry!);
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, spoil(whole));
    expect(await printed(project, 'main.mjs')).toBe(hooked('items main.mjs:1'));
    expect(readFileSync(file, 'utf8')).toBe(whole);
    const [map] = readdirSync(join(project.root, folder)).filter((name) => name.endsWith('.map'));
    rmSync(join(project.root, folder, map!));
    expect(await printed(project, 'main.mjs')).toBe(hooked('items main.mjs:1'));
    expect(readdirSync(join(project.root, folder))).toHaveLength(2);
  });

  test('names of entries are such that every file system takes', async () => {
    using project = new NodeProject(files);
    await printed(project, 'main.mjs');
    const names = readdirSync(join(project.root, folder));
    expect(names).not.toEqual([]);
    for (const name of names) expect(name).toMatch(/^[\w.-]+$/);
  });

  test('a folder that cannot be written is no error', async () => {
    using project = new NodeProject({ ...files, 'node_modules/.cache': 'a file' });
    expect(await printed(project, 'main.mjs')).toBe(hooked('items main.mjs:1'));
  });

  test('processes that start at the same time do not disturb each other', async () => {
    using project = new NodeProject(files);
    const runs = Array.from({ length: 6 }, () => printed(project, 'main.mjs'));
    expect(new Set(await Promise.all(runs))).toEqual(new Set([hooked('items main.mjs:1')]));
    expect(readdirSync(join(project.root, folder))).toHaveLength(2);
  });
});

describe('what is run from it is the program', () => {
  const failing = `${esm('items')}try { throw new Error(); } catch ({ stack }) { console.log(stack.match(/packages.\\w+/)[0]); }\n`;

  test('packages with the same files, and one that has moved, have their own stacks', async () => {
    using project = new NodeProject({
      'packages/a/main.mjs': failing,
      'packages/b/main.mjs': failing,
    });
    const folderOf = async (cwd: string): Promise<string> => {
      const args = ['--import', 'asyncgen-hooks/register', 'main.mjs'];
      return (await project.start(args, { cwd })).stdout.trim();
    };
    for (const name of ['a', 'b', 'a'])
      expect(await folderOf(`packages/${name}`)).toBe(join('packages', name));
    renameSync(join(project.root, 'packages/a'), join(project.root, 'packages/moved'));
    expect(await folderOf('packages/moved')).toBe(join('packages', 'moved'));
  });

  test('stacks have as many frames in the run that compiles as in the next', async () => {
    using project = new NodeProject({
      'main.mjs': `${esm('items')}const { stackTraceLimit, prepareStackTrace } = Error;\nconsole.log(stackTraceLimit, prepareStackTrace?.name);\n`,
    });
    const { stdout } = await project.register('main.mjs');
    expect(stdout).toMatch(/^10 /);
    expect((await project.register('main.mjs')).stdout).toBe(stdout);
  });

  const isRoot = process.getuid?.() === 0;
  const asRoot = isRoot ? test : test.skip;
  const withFolder = process.platform === 'win32' ? test.skip : test;
  const modules = 'node_modules';
  const folder = `${modules}/.cache/asyncgen-hooks`;

  /** Where a run of a project left its entries, spoilt by `spoil` before. */
  async function placeOf(spoil: (path: (name: string) => string) => void): Promise<string[]> {
    using project = new NodeProject({ 'main.mjs': esm('items', use('items')) });
    const path = (name: string): string => join(project.root, name);
    mkdirSync(path(folder), { recursive: true, mode: 0o700 });
    spoil(path);
    expect(await printed(project, 'main.mjs')).toBe(hooked('items main.mjs:1'));
    const [temporary] = readdirSync(path('tmp')).filter((name) => name.includes('-cache-'));
    const places = { modules: path(folder), temporary: temporary && path(`tmp/${temporary}`) };
    return Object.entries(places)
      .filter(([, place]) => place !== undefined && readdirSync(place).length > 0)
      .map(([name]) => name);
  }

  withFolder('it stands in node_modules', async () => {
    expect(await placeOf(() => {})).toEqual(['modules']);
  });

  withFolder.each<[string, (path: (name: string) => string) => void]>([
    ['node_modules that all may write to', (path) => chmodSync(path(modules), 0o777)],
    [
      'a folder between that all may write to',
      (path) => chmodSync(path(`${modules}/.cache`), 0o777),
    ],
    ['a folder that a group may write to', (path) => chmodSync(path(folder), 0o770)],
    [
      'a link',
      (path) => {
        rmSync(path(folder), { recursive: true });
        mkdirSync(path('elsewhere'), { mode: 0o700 });
        symlinkSync(path('elsewhere'), path(folder));
      },
    ],
  ])('not in %s', async (_, spoil) => {
    expect(await placeOf(spoil)).toEqual(['temporary']);
  });

  asRoot.each([modules, `${modules}/.cache`, folder])(
    'nor in that of another user: %s',
    async (name) => {
      expect(await placeOf((path) => chownSync(path(name), 65534, 65534))).toEqual(['temporary']);
    },
  );

  withFolder('nor among temporary files in a folder that others may write to', async () => {
    const places = await placeOf((path) => {
      chmodSync(path(modules), 0o777);
      const place = path(`tmp/asyncgen-hooks-cache-${process.getuid!()}`);
      mkdirSync(place);
      chmodSync(place, 0o777);
    });
    expect(places).toEqual([]);
  });
});

test('where @babel/core cannot be loaded one error says what to install, if a file needs it', async () => {
  using project = new NodeProject(
    {
      'main.mjs': esm('items'),
      'plain.mjs': 'console.log(1);\n',
      // Not merely missing: a folder above this one may have it.
      'node_modules/@babel/core/package.json': { exports: {} },
    },
    { hasBabel: false },
  );
  expect(await project.register('plain.mjs')).toMatchObject({ code: 0, stdout: '1\n', stderr: '' });
  const { stderr, code } = await project.register('main.mjs');
  expect(code).toBe(1);
  expect(stderr.match(/^Error: .*/gm)).toEqual([
    'Error: asyncgen-hooks/compiler: @babel/core, it cannot be loaded. Install it: npm install --save-dev @babel/core',
  ]);
});
