import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { esm, hooked, hooks, printed, use } from './support/modules.js';
import { hasTypeScript, NodeProject, type End } from './support/node-project.js';

describe('what is loaded is compiled', () => {
  test('an ES module', async () => {
    using project = new NodeProject({ 'main.mjs': esm('items', use('items')) });
    expect(await printed(project, 'main.mjs')).toBe(hooked('items main.mjs:1'));
  });

  test('an ES module that shows as one by its package.json only', async () => {
    using project = new NodeProject({
      'package.json': { type: 'module' },
      'main.js': `async function* items() { yield 1; }\nitems().next().then(() => console.log(1, typeof require));\n`,
    });
    expect(await printed(project, 'main.js')).toBe('hooked items main.js:1\n1 undefined\n');
  });

  test('CommonJS, as main module and by require', async () => {
    using project = new NodeProject({
      'main.cjs': `const { items } = require('./lib');\nconsole.log(require.main === module);\nitems().next();\n`,
      'lib.js': 'exports.items = async function* items() { yield 1; };\n',
    });
    expect(await printed(project, 'main.cjs')).toBe('true\nhooked items lib.js:1\n');
  });

  test('CommonJS by import, and an ES module by require', async () => {
    using project = new NodeProject({
      'main.mjs': `import lib from './lib.cjs';\n${use('lib.items')}${use('lib.others')}`,
      'lib.cjs': `exports.items = async function* items() { yield 1; };\nexports.others = require('./others.mjs').others;\n`,
      'others.mjs': esm('others'),
    });
    expect(await printed(project, 'main.mjs')).toBe(
      hooked('items lib.cjs:1', 'others others.mjs:1'),
    );
  });

  test('a module by import(), with a query, twice', async () => {
    using project = new NodeProject({
      'main.cjs': `(async () => {
        const { items } = await import('./lib.mjs?a');
        const { items: again } = await import('./lib.mjs?b');
        for await (const item of items()) console.log(item);
        for await (const item of again()) console.log(item, items === again);
      })();`,
      'lib.mjs': esm('items'),
    });
    expect(await printed(project, 'main.cjs')).toBe(
      'hooked items lib.mjs:1\n1\nhooked items lib.mjs:1\n1 false\n',
    );
  });

  (hasTypeScript ? test : test.skip)('TypeScript, of which Node strips the types', async () => {
    using project = new NodeProject({
      'main.mts': `import { more } from './more.cts';\nasync function* items(n: number): AsyncGenerator<number> {\n  yield n as number;\n}\nfor await (const item of items(1)) console.log(item);\n${use('more')}`,
      'more.cts': `exports.more = async function* more(): AsyncGenerator<number> { yield 1; };\n`,
    });
    expect(await printed(project, 'main.mts')).toBe(hooked('items main.mts:2', 'more more.cts:1'));
  });

  test('what a worker thread loads', async () => {
    using project = new NodeProject({
      'main.mjs': `import { Worker } from 'node:worker_threads';\nnew Worker(new URL('worker.mjs', import.meta.url));\n`,
      'worker.mjs': esm('items', use('items')),
    });
    expect(await printed(project, 'main.mjs')).toBe(hooked('items worker.mjs:1'));
  });

  test('what a forked process loads', async () => {
    using project = new NodeProject({
      'main.cjs': `require('node:child_process').fork('./child.mjs');\n`,
      'child.mjs': esm('items', use('items')),
    });
    expect(await printed(project, 'main.cjs')).toBe(hooked('items child.mjs:1'));
  });
});

describe('beside other loaders', () => {
  const loader = `export async function load(url, context, next) {
      const loaded = await next(url, context);
      if (!url.endsWith('main.mjs')) return loaded;
      return { ...loaded, source: String(loaded.source).replace(/yield (\\S*\\()?0/, 'yield $11') };
    }`;
  const files = {
    'loader.mjs': loader,
    'load.mjs': `import { register } from 'node:module';\nregister('./loader.mjs', import.meta.url);\n`,
    'main.mjs': `import './lib.mjs';\n${esm('items', use('items')).replace('yield 1', 'yield 0')}`,
    'lib.mjs': esm('lib', use('lib')),
  };

  test.each<[string, string[]]>([
    ['one that is registered later', ['--import', './load.mjs']],
    ['one that is a flag', ['--no-warnings', '--loader', './loader.mjs']],
  ])('%s', async (_, flags) => {
    using project = new NodeProject(files);
    expect(await printed(project, 'main.mjs', ...flags)).toBe(
      hooked('lib lib.mjs:1', 'items main.mjs:2'),
    );
  });

  test('one that was registered before', async () => {
    using project = new NodeProject(files);
    project.write({ 'hooks.mjs': hooks });
    const flags = ['./load.mjs', 'asyncgen-hooks/register', './hooks.mjs'];
    const { stdout } = await project.start([
      ...flags.flatMap((name) => ['--import', name]),
      'main.mjs',
    ]);
    expect(stdout).toBe(hooked('lib lib.mjs:1', 'items main.mjs:2'));
  });
});

describe('all else stays as it is', () => {
  test('JSON, and a file that the program reads itself', async () => {
    using project = new NodeProject({
      'main.mjs': `import { readFile } from 'node:fs/promises';
        import data from './data.json' with { type: 'json' };
        import { items } from './lib.mjs';
        console.log(data.text, String(await readFile(new URL('lib.mjs', import.meta.url))));
        await items().next();`,
      'data.json': { text: 'async function* () {}' },
      'lib.mjs': esm('items'),
    });
    expect(await printed(project, 'main.mjs')).toBe(
      `async function* () {} ${esm('items')}\nhooked items lib.mjs:1\n`,
    );
  });

  test('a file that does not parse: Node tells', async () => {
    using project = new NodeProject({ 'main.mjs': `${esm('items')}\nlet let = 1;` });
    // Our own warning comes in front where the thread of the loaders writes it, and else too late.
    const told = ({ stderr }: End): string =>
      stderr.replace(/^\(node:\d+\) \[ERR_ASYNCGEN_PARSE\].*\n/, '').split('\n    at ')[0]!;
    const end = await project.register('main.mjs');
    expect(told(end)).toBe(told(await project.start(['main.mjs'])));
    expect(told(end)).toContain('SyntaxError: ');
    expect(end.code).toBe(1);
  });
});

describe('options', () => {
  const files = {
    'main.mjs': `import './a.mjs';\nimport './lib/b.mjs';\n`,
    'a.mjs': esm('a', use('a')),
    'lib/b.mjs': esm('b', use('b')),
  };

  test.each<[string, Record<string, unknown>, string]>([
    [
      'package.json',
      { 'package.json': { 'asyncgen-hooks': { include: 'lib/**' } } },
      'b lib/b.mjs:1',
    ],
    [
      'asyncgen-hooks.config.json',
      { 'asyncgen-hooks.config.json': { exclude: ['**/lib' + '/*'] } },
      'a a.mjs:1',
    ],
    [
      'asyncgen-hooks.config.js, an ES module',
      {
        'package.json': { type: 'module' },
        'asyncgen-hooks.config.js': 'export default { include: [/\\/a\\.mjs$/] };',
      },
      'a a.mjs:1',
    ],
    [
      'asyncgen-hooks.config.js, CommonJS',
      { 'asyncgen-hooks.config.js': 'module.exports = { exclude: /lib/ };' },
      'a a.mjs:1',
    ],
    [
      'asyncgen-hooks.config.mjs',
      { 'asyncgen-hooks.config.mjs': 'export default { exclude: /lib/ };' },
      'a a.mjs:1',
    ],
    [
      'asyncgen-hooks.config.cjs',
      {
        'package.json': { type: 'module' },
        'asyncgen-hooks.config.cjs': 'module.exports = { exclude: /lib/ };',
      },
      'a a.mjs:1',
    ],
    [
      'locations: false',
      { 'asyncgen-hooks.config.json': { locations: false, include: 'a.mjs' } },
      'a undefined:undefined',
    ],
  ])('%s', async (_, config, site) => {
    using project = new NodeProject({ ...files, ...config });
    const stdout = await printed(project, 'main.mjs');
    expect(stdout.split('\n').filter((line) => line.startsWith('hooked'))).toEqual([
      `hooked ${site}`,
    ]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    [
      'an unknown one',
      { 'asyncgen-hooks.config.json': { inclued: 'a' } },
      `Unknown option "inclued". Did you mean "include"?`,
    ],
    [
      'one of a wrong kind',
      { 'package.json': { 'asyncgen-hooks': { include: 1 } } },
      `option "include" holds 1. Pass a glob without "!", a RegExp or an array of them.`,
    ],
    ['a broken file', { 'asyncgen-hooks.config.json': '{' }, ' cannot be used: '],
    [
      'no object',
      { 'asyncgen-hooks.config.js': 'module.exports = 1' },
      'the options are 1. Pass an object.',
    ],
  ])('%s is told of, with the name of the file', async (_, config, text) => {
    using project = new NodeProject({ ...files, ...config });
    const { stderr, code, stdout } = await project.register('main.mjs');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(text);
    expect(stderr).toContain(
      `asyncgen-hooks/node: ${join(project.root, Object.keys(config)[0]!)} cannot be used: `,
    );
    expect(stderr).not.toMatch(/cannot be used: asyncgen-hooks/);
    expect(stderr).toContain("code: 'ERR_ASYNCGEN_OPTION'");
  });
});

describe('source maps', () => {
  const failing = (async: string): string =>
    `// A comment.\n${async} function* fails(values) {\n  for (const value of values) yield value;\n\n  throw new Error('here');\n}\n`;
  const main = `(async () => { try { for await (const x of fails([1])); } catch (error) { print(error); } })();\nfunction print(error) { console.log(error.stack.split('\\n').filter((line) => /main/.test(line)).join('\\n')); }\n`;

  test.each(['main.mjs', 'main.cjs'])(
    'a stack leads to the line of the source: %s',
    async (name) => {
      using project = new NodeProject({ [name]: failing('async') + main });
      const { stdout } = await project.register(name);
      const lines = [...stdout.matchAll(/main\.[cm]js:(\d+):(\d+)/g)].map((match) =>
        match.slice(1),
      );
      expect(lines).toEqual([
        ['5', '9'],
        ['7', expect.any(String)],
      ]);
    },
  );

  test('through the map that the file has', async () => {
    // Each line stands ten lines below its place in the output.
    const mappings = ['AAUA', ...Array.from({ length: 12 }, () => 'AACA')].join(';');
    using project = new NodeProject({
      'main.mjs': `${failing('async')}${main}//# sourceMappingURL=main.mjs.map\n`,
      'main.mjs.map': { version: 3, sources: ['main-original.ts'], names: [], mappings },
    });
    const { stdout } = await project.register('main.mjs');
    const lines = [...stdout.matchAll(/main(.*?):(\d+):/g)].map((match) => match.slice(1));
    expect(lines).toEqual([
      ['-original.ts', '15'],
      ['-original.ts', '17'],
    ]);
  });
});
