import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
    rmSync(`${file}.map`);
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
