import { describe, expect, test } from '@jest/globals';
import { esm, hooked, hooks, printed, use, withoutNodes } from './support/modules.js';
import { hasTypeScript, NodeProject, readTable } from './support/node-project.js';

const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];

/** Registers a loader that leaves everything to the next one, as that of Sentry and OpenTelemetry mostly does. */
const nothing = `import { register } from 'node:module';\nregister('data:text/javascript,');\n`;

/** A transpiler as most are made: a handler for the extension that takes over `_compile` of each module. */
const transpiler = `
const { _extensions } = require('node:module');
const next = _extensions['.ts'] ?? _extensions['.js'];
_extensions['.ts'] = function (module, file) {
  const { _compile } = module;
  module._compile = function (code) {
    module._compile = _compile;
    const plain = code
      .replace(/import \\{ (.*) \\} from /g, 'const { $1 } = require(')
      .replace(/(require\\("[^"]*"|require\\('[^']*');/g, '$1);')
      .replace(/export (async function\\* (\\w+))/g, 'exports.$2 = $2;\\n$1')
      .replace(/: string/g, '');
    module._compile(plain, file);
  };
  next(module, file);
};`;

describe('a transpiler that hooks require', () => {
  const file = (name: string): string =>
    `export async function* ${name}(of: string = '${name}') {\n  yield of;\n}\n`;
  const files = {
    'transpiler.cjs': transpiler,
    'hooks.mjs': hooks,
    'main.cjs': `const { rows } = require('./rows.ts');\n(async () => { for await (const row of rows()) console.log(row); })();\n`,
    'rows.ts': file('rows'),
  };
  const ours = ['--require', 'asyncgen-hooks/register'];
  const theirs = ['--require', './transpiler.cjs'];

  test.each([
    ['in front, in a package of CommonJS', 'commonjs', [...ours, ...theirs]],
    ['behind, in a package of CommonJS', 'commonjs', [...theirs, ...ours]],
    ['in front, in a package of ES modules', 'module', [...ours, ...theirs]],
    ['behind, in a package of ES modules', 'module', [...theirs, ...ours]],
  ])('%s: its files run and are hooked', async (_, type, flags) => {
    using project = new NodeProject({ ...files, 'package.json': { type } });
    const { stdout, stderr } = await project.start([
      ...flags,
      ...['--import', './hooks.mjs', 'main.cjs'],
    ]);
    expect({ stdout, stderr }).toEqual({
      stdout: expect.stringMatching(/^hooked rows rows\.ts:\d+\nrows\n$/),
      stderr: '',
    });
  });

  test('under the command', async () => {
    using project = new NodeProject({ ...files, 'package.json': { type: 'module' } });
    const { stdout, stderr } = await project.command(['main.cjs'], {
      env: { NODE_OPTIONS: theirs.join(' ') },
    });
    expect(stdout).toBe('rows\n');
    expect(readTable(stderr).map(({ generator }) => generator)).toEqual(['rows']);
  });

  test('modules that no transpiler takes have no frame of ours in their stacks', async () => {
    using project = new NodeProject({
      ...files,
      'main.cjs': `require('./rows.ts');\nconsole.log(new Error().stack.includes('asyncgen-hooks/dist'));\n`,
    });
    const { stdout } = await project.start([...ours, ...theirs, 'main.cjs']);
    // Node 20 and 22.14 have no other place for a hook.
    expect(stdout).toBe(`${!('registerHooks' in (await import('node:module')))}\n`);
  });
});

describe('beside a loader of module.register()', () => {
  const files = {
    'nothing.mjs': nothing,
    'nothing.cjs': `require('node:module').register('data:text/javascript,');\n`,
    'hooks.mjs': hooks,
    'main.mjs': `import { items } from './items.cjs';\n${use('items')}`,
    'items.cjs': 'exports.items = async function* items() { yield 1; };\n',
  };
  const ours = 'asyncgen-hooks/register';

  test.each([
    ['in front', ['--import', ours, '--import', './nothing.mjs']],
    ['behind', ['--import', './nothing.mjs', '--import', ours]],
    ['behind, by --require', ['--require', './nothing.cjs', '--require', ours]],
  ])('%s: imported CommonJS is hooked', async (_, flags) => {
    using project = new NodeProject(files);
    const { stdout, stderr } = await project.start([
      ...flags,
      '--import',
      './hooks.mjs',
      'main.mjs',
    ]);
    expect(stdout).toBe(hooked('items items.cjs:1'));
    expect(withoutNodes(stderr)).toBe('');
  });

  test('under the command: ES modules are hooked', async () => {
    using project = new NodeProject({ ...files, 'main.mjs': esm('items', use('items')) });
    const { stdout, stderr } = await project.command(['main.mjs'], {
      env: { NODE_OPTIONS: '--import ./nothing.mjs' },
    });
    expect(stdout).toBe('1\n');
    expect(readTable(stderr).map(({ generator }) => generator)).toEqual(['items']);
  });

  test('one that is registered later and makes CommonJS of a file that it reads itself', async () => {
    using project = new NodeProject({
      ...files,
      'package.json': { type: 'module' },
      'load.mjs': `import { register } from 'node:module';\nregister('./loader.mjs', import.meta.url);\n`,
      'loader.mjs': `import { readFileSync } from 'node:fs';
        export async function load(url, context, next) {
          if (!url.endsWith('rows.ts')) return next(url, context);
          const source = readFileSync(new URL(url), 'utf8').replace('export', 'exports.rows = rows;');
          return { format: 'commonjs', source, shortCircuit: true };
        }`,
      'main.mjs': `import lib from './rows.ts';\nfor await (const row of lib.rows()) console.log(row);\n`,
      'rows.ts': 'export async function* rows() { yield 1; }\n',
    });
    const { stdout, stderr } = await project.register(
      ...['--import', './load.mjs', '--import', './hooks.mjs', 'main.mjs'],
    );
    expect(stdout).toBe('hooked rows rows.ts:1\n1\n');
    expect(withoutNodes(stderr)).toBe('');
  });
});

test('an ES module that is loaded by require() is hooked, and what it imports', async () => {
  using project = new NodeProject({
    'main.cjs': `const { own, items } = require('./lib.mjs');
      (async () => { for (const each of [own, items]) for await (const item of each()) console.log(item); })();`,
    'lib.mjs': `export { items } from './items.mjs';\n${esm('own')}`,
    'items.mjs': `import './shared.cjs';\n${esm('items')}`,
    'shared.cjs': 'exports.shared = 1;\n',
  });
  expect(await printed(project, 'main.cjs')).toBe(hooked('own lib.mjs:2', 'items items.mjs:2'));
});

test('a program that reads its own file by its URL gets it as it is', async () => {
  using project = new NodeProject({
    'main.mjs': `import { readFileSync } from 'node:fs';
      console.log(String(readFileSync(new URL('lib.mjs', import.meta.url))));`,
    'lib.mjs': esm('items'),
  });
  expect(await printed(project, 'main.mjs')).toBe(`${esm('items')}\n`);
});

test('a loader behind ours gets the map with the text', async () => {
  using project = new NodeProject({
    'load.mjs': `import { register } from 'node:module';\nregister('./loader.mjs', import.meta.url);\n`,
    'loader.mjs': `import { writeSync } from 'node:fs';
      export async function load(url, context, next) {
        const loaded = await next(url, context);
        if (url.endsWith('main.mjs')) writeSync(1, String(loaded.source).match(/sourceMappingURL=(\\w+:)?/)?.[1] + '\\n');
        return loaded;
      }`,
    'hooks.cjs': `const { registerHooks } = require('node:module');
      registerHooks?.({ load(url, context, next) {
        const loaded = next(url, context);
        if (url.endsWith('main.mjs')) console.log(String(loaded.source).match(/sourceMappingURL=(\\w+:)?/)?.[1]);
        return loaded;
      } });`,
    'main.mjs': esm('items'),
  });
  const kind = 'registerHooks' in (await import('node:module')) ? './hooks.cjs' : './load.mjs';
  expect((await project.register('--import', kind, 'main.mjs')).stdout).toBe('data:\n');
});

(hasTypeScript ? test : test.skip)(
  'TypeScript by require where no package.json says what it is',
  async () => {
    using project = new NodeProject({
      'package.json': {},
      'main.cjs': `const { items } = require('./items.ts');\n(async () => { for await (const item of items()) console.log(item); })();\n`,
      'items.ts': `exports.items = async function* items(n: number = 1) {\n  yield n;\n};\n`,
    });
    expect(await printed(project, 'main.cjs')).toBe(hooked('items items.ts:1'));
  },
);

const canTransform = (major === 22 && minor >= 15) || (major > 22 && major < 26);
(canTransform ? test : test.skip)(
  'under --experimental-transform-types an error is shown at its line, and no more is warned of',
  async () => {
    const text = `enum Color {\n  Red = 1,\n}\n\ninterface Row {\n  id: Color;\n}\n
async function* rows(row: Row): AsyncGenerator<number> {\n  yield row.id;\n  throw new Error('here');\n}
(async () => {\n  try {\n    for await (const _ of rows({ id: Color.Red }));\n  } catch (error) {
    console.log((error as Error).stack!.split('\\n')[1]!.replace(/.*:(\\d+:\\d+)\\)?$/, '$1'));\n  }\n})();\n`;
    using project = new NodeProject({ 'main.mts': text, 'main.cts': text });
    const flag = '--experimental-transform-types';
    for (const [how, name] of [
      ['--import', 'main.mts'],
      ['--require', 'main.cts'],
    ] as const) {
      const native = await project.start([flag, name]);
      const end = await project.start([flag, how, 'asyncgen-hooks/register', name]);
      expect(end.stdout).toBe(native.stdout);
      expect(end.stderr).not.toContain('stripTypeScriptTypes');
    }
  },
);
