import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { App } from './support/app.js';
import { esbuild, face, hookedFiles, rolldown } from './support/in-process.js';

describe('a file that the bundler takes for something else than a script stays as it is', () => {
  const text = 'async function* parts() {}';
  const files = {
    'src/main.js': "import text from './sw.txt.js';\nconsole.log(text);",
    'src/sw.txt.js': text,
  };

  test('esbuild', async () => {
    using app = new App(files);
    const loader = { '.txt.js': 'text' } as const;
    const { code } = await esbuild(app, {}, { entryPoints: ['src/main.js'], loader });
    expect(code).toContain(JSON.stringify(text));
  });

  test('rolldown', async () => {
    using app = new App(files);
    const moduleTypes = { '.txt.js': 'text' } as const;
    const { code } = await rolldown(app, {}, { input: 'src/main.js', moduleTypes });
    expect(code).toContain(JSON.stringify(text));
  });

  test.each([
    ['webpack', 'webpack'],
    ['rspack', '@rspack/core'],
  ])('%s', async (name, tool) => {
    using app = new App({
      'src/main.js': "new URL('./sw.txt.js', import.meta.url);",
      'src/sw.txt.js': text,
      'build.mjs': `import * as tool from '${tool}';
import asyncGenHooks from 'asyncgen-hooks/${name}';
const run = tool.rspack ?? tool.default;
const output = { assetModuleFilename: '[name][ext]' };
run({ entry: './src/main.js', mode: 'development', output, plugins: [asyncGenHooks()] }, (error, stats) => {
  if (error ?? stats.hasErrors()) throw error ?? new Error(stats.toString());
});`,
    });
    await app.build('build.mjs');
    expect(app.read('dist/sw.txt.js')).toBe(text);
  });
});

test('esbuild: one plugin may serve builds with other roots at the same time', async () => {
  using app = new App({
    'a/src/main.js': 'export async function* items() {}',
    'b/src/main.js': 'export async function* items() {}',
  });
  const plugins = [face(app, 'esbuild')({ include: 'src/**' })];
  const built = await Promise.all(
    ['a', 'b'].map((folder) =>
      esbuild(
        app,
        {},
        { plugins, absWorkingDir: join(app.root, folder), entryPoints: ['src/main.js'] },
      ),
    ),
  );
  for (const { code } of built) expect(hookedFiles(code)).toEqual(['src/main.js']);
});

test('esbuild: CommonJS in an ES module does not require a shim that is external', async () => {
  using app = new App({
    'src/main.js': "import { items } from './items.cjs';\nconsole.log(items);",
    'src/items.cjs': 'exports.items = async function* () {};',
  });
  const { code } = await esbuild(app, {}, { entryPoints: ['src/main.js'], packages: 'external' });
  expect(hookedFiles(code)).toEqual(['src/items.cjs']);
  expect(code).not.toContain('asyncgen-hooks/shim"');
});

describe('what was lowered before is warned of', () => {
  const rollup = (name: string): string => `import asyncGenHooks from 'asyncgen-hooks/${name}';
import { ${name} } from '${name}';
const bundle = await ${name}({ input: 'src/main.js', plugins: [asyncGenHooks()] });
await bundle.generate({});`;
  const webpack = (
    name: string,
    tool: string,
    use: string,
  ): string => `import * as tool from '${tool}';
import asyncGenHooks from 'asyncgen-hooks/${name}';
const module = { rules: [{ test: /\\.js$/, loader: 'asyncgen-hooks/loader' }] };
(tool.rspack ?? tool.default)({ entry: './src/main.js', mode: 'none', ${use} }, (error) => {
  if (error) throw error;
});`;
  const builds = {
    esbuild: `import asyncGenHooks from 'asyncgen-hooks/esbuild';
import { build } from 'esbuild';
await build({ entryPoints: ['src/main.js'], write: false, plugins: [asyncGenHooks()] });`,
    rolldown: rollup('rolldown'),
    rollup: rollup('rollup'),
    vite: `import asyncGenHooks from 'asyncgen-hooks/vite';
import { build } from 'vite';
const lib = { entry: 'src/main.js', formats: ['es'] };
await build({ configFile: false, logLevel: 'silent', build: { write: false, lib }, plugins: [asyncGenHooks()] });`,
    webpack: webpack('webpack', 'webpack', 'plugins: [asyncGenHooks()]'),
    rspack: webpack('rspack', '@rspack/core', 'plugins: [asyncGenHooks()]'),
    loader: webpack('webpack', 'webpack', 'module'),
  };
  // Each in its words: neither has the text `async` in it where the other has.
  const forms = [
    'export const items = _wrapAsyncGenerator2.default(function* () {});',
    'export const items = _wrap_async_generator(function* () {});',
  ];
  test.each(Object.entries(builds))('%s', async (_, build) => {
    for (const form of forms) {
      using app = new App({ 'build.mjs': build, 'src/main.js': form });
      const { stderr } = await app.build('build.mjs');
      expect(stderr).toMatch(/ERR_ASYNCGEN_LOWERED.*main\.js/);
    }
  });
});

test("esbuild's own import attributes and the loader option are heeded", async () => {
  using app = new App({
    'src/main.ts':
      "import text from './text.js' with { type: 'text' };\nimport { items } from './items.js';\nconsole.log(text, items);",
    'src/text.js': 'export async function* text() {}',
    'src/items.js': 'export async function* items() { yield <li/>; }',
  });
  const { code } = await esbuild(app, {}, { loader: { '.js': 'jsx' }, jsx: 'preserve' });
  expect(code).toContain('"export async function* text() {}"');
  expect(hookedFiles(code)).toEqual(['src/items.js']);
});
