import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { App, snippet } from './support/app.js';
import { printed, record } from './support/expected.js';

const VITE = 'node_modules/vite/bin/vite.js';
const config = snippet('vite.config.js');
const withOptions = (options: string): Record<string, string> => ({
  'vite.config.js': config.replace('defineConfig({', `defineConfig({ ${options},`),
});

test('a module that the dev server loads on the server is hooked', async () => {
  using app = new App({
    ...withOptions("logLevel: 'error'"),
    'ssr.mjs': `import { createServer } from 'vite';
const server = await createServer({ server: { middlewareMode: true }, appType: 'custom' });
await server.ssrLoadModule('/src/main.ts');
await server.close();`,
  });
  expect(await app.runForRecord('ssr.mjs')).toMatchObject({ printed, record });
});

test('a library may leave the shim to its dependencies', async () => {
  using app = new App(
    withOptions(
      "build: { lib: { entry: 'src/count.ts', formats: ['es', 'cjs'], fileName: 'lib' }, rolldownOptions: { external: /^asyncgen-hooks/ } }",
    ),
  );
  await app.build(VITE, 'build');
  expect(app.read('dist/lib.js')).toMatch(/from ?["']asyncgen-hooks\/shim["']/);
  expect(app.read('dist/lib.cjs')).toMatch(/require\([`"']asyncgen-hooks\/shim[`"']\)/);
  expect(app.read('dist/lib.js')).toMatch(/[`"']src\/count\.ts:10:7 \w+[`"']/);
});

test("Vite's workers are built with the plugins named for them", async () => {
  using app = new App({
    ...withOptions('worker: { format: "es", plugins: () => [asyncGenHooks()] }'),
    'index.html': '<script type="module" src="/src/page.ts"></script>',
    'src/page.ts': "new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });",
    'src/worker.ts':
      'async function* items() { yield 1; }\nfor await (const item of items()) postMessage(item);',
  });
  await app.build(VITE, 'build');
  const assets = readdirSync(join(app.root, 'dist/assets'));
  const worker = assets.find((name) => name.startsWith('worker-'))!;
  expect(app.read(`dist/assets/${worker}`)).toMatch(/[`"']src\/worker\.ts:1:0 \w+[`"']/);
});
