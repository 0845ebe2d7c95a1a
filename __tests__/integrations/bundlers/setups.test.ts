import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { App } from './support/app.js';
import { appFor, tools, type Tool } from './support/tools.js';

/** The application with its dependencies compiled, and bundled where a tool would leave them out. */
function appWithDependencies(tool: Tool): App {
  const app = appFor(tool, '{ exclude: [] }');
  const config = app.read(tool.config);
  return app.write({
    [tool.config]: config
      .replace('defineConfig({', "defineConfig({\n  ssr: { noExternal: ['words'] },")
      .replace(
        'import nodeResolve',
        "import commonjs from '@rollup/plugin-commonjs';\nimport nodeResolve",
      )
      .replace('nodeResolve(),', 'nodeResolve(), commonjs(),'),
  });
}

describe.each(Object.entries(tools))('%s', (_, tool) => {
  test('a CommonJS dependency gets the runtime by require', async () => {
    using app = appWithDependencies(tool);
    app.write({
      'node_modules/words/package.json': { name: 'words', main: 'index.js' },
      'node_modules/words/index.js': `const list = require('./list');
exports.words = async function* words() { yield* list; };`,
      'node_modules/words/list.js': "module.exports = ['of', 'a', 'dependency'];",
    });
    await app.build(...tool.development);
    expect(await app.runBuilt()).toMatchObject({ words: 'node_modules/words/index.js:2:16' });
  });

  test('a file without import and export is what it is to the tool', async () => {
    using app = appFor(tool);
    app.write({
      'src/main.ts': `async function* items() { yield 1; }
void (async () => { for await (const item of items()) console.log(JSON.stringify({ item, name: items.name })); })();`,
    });
    await app.build(...tool.development);
    expect(app.read('dist/main.js')).toMatch(/["']src\/main\.ts:1:0 \w+["']/);
    expect(await app.runBuilt()).toEqual({ item: 1, name: 'items' });
  });

  test('a dependency that cannot reach the package by its name is hooked', async () => {
    using app = appWithDependencies(tool);
    // As pnpm has it: a link to where no folder above holds this package.
    const store = mkdtempSync(join(realpathSync(tmpdir()), 'asyncgen-hooks-store-'));
    try {
      cpSync(join(app.root, 'words'), join(store, 'words'), { recursive: true });
      app.link('words', join(store, 'words'));
      await app.build(...tool.development);
      const { words } = (await app.runBuilt()) as { words: string };
      expect(words).toMatch(/asyncgen-hooks-store-\w+\/words\/index\.js:1:7$/);
    } finally {
      rmSync(store, { recursive: true });
    }
  });
});
