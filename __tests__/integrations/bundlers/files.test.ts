import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { App } from './support/app.js';
import { esbuild, face, hookedFiles, requireIn, rolldown } from './support/in-process.js';

const all = ['src/count.ts', 'src/fail.ts', 'src/store.ts', 'src/view.jsx'];

describe('include and exclude', () => {
  test.each([
    [{}, all],
    [{ include: 'src/*.ts' }, all.slice(0, 3)],
    [{ include: /\/view\.jsx$/ }, ['src/view.jsx']],
    [{ include: ['src/count.ts', /fail/] }, ['src/count.ts', 'src/fail.ts']],
    [
      { exclude: ['src/store.ts', '**/node_modules/**'] },
      ['src/count.ts', 'src/fail.ts', 'src/view.jsx'],
    ],
    [{ include: [] }, all],
    [{ exclude: '**/store.ts' }, ['src/count.ts', 'src/fail.ts', 'src/view.jsx']],
    [{ exclude: 'src/store.ts' }, ['src/count.ts', 'src/fail.ts', 'src/view.jsx']],
    [{ include: 'src/**', exclude: /\.ts$/ }, ['src/view.jsx']],
    [{ include: /node_modules.words/ }, ['node_modules/words/index.js']],
    [
      { include: ['src/*', '**/node_modules/**'], exclude: /\.ts$/ },
      ['node_modules/words/index.js', 'src/view.jsx'],
    ],
    [{ exclude: [] }, ['node_modules/words/index.js', ...all]],
    [{ include: '**/node_modules/words/**', exclude: [] }, ['node_modules/words/index.js']],
  ])('%o', async (options, files) => {
    using app = new App();
    expect(hookedFiles((await esbuild(app, options)).code)).toEqual(files);
    expect(hookedFiles((await rolldown(app, options)).code)).toEqual(files);
  });

  test.each(['vite', 'rollup', 'rolldown', 'esbuild'])(
    '%s refuses what it does not know',
    (name) => {
      using app = new App();
      const attempt = (options: object): any => {
        try {
          face(app, name)(options);
        } catch (error) {
          return error;
        }
      };
      const unknown = attempt({ includes: 'src' });
      expect(unknown.code).toBe('ERR_ASYNCGEN_OPTION');
      expect(unknown.message).toBe(
        'asyncgen-hooks/bundlers: Unknown option "includes". Did you mean "include"? ' +
          'The options are importSource, locations, include, exclude, dependencies.',
      );
      expect(attempt({ exclude: [5] }).message).toBe(
        'asyncgen-hooks/bundlers: option "exclude" holds 5. Pass a glob without "!", a RegExp or an array of them.',
      );
      expect(attempt({ include: ['src', '!src/a.js'] }).message).toContain(
        'holds "!src/a.js". Pass what to leave out as "exclude", without "!".',
      );
      expect(attempt({ exclude: '!src/a.js' }).message).toContain('Pass a glob without "!"');
      expect(attempt({ locations: 1 }).code).toBe('ERR_ASYNCGEN_OPTION');
    },
  );

  test('options of the Babel plugin are passed on', async () => {
    using app = new App({ 'src/shim.js': "export * from 'asyncgen-hooks/shim';" });
    const { code } = await esbuild(
      app,
      { locations: false, importSource: '/src/shim.js' },
      {
        external: ['/src/shim.js'],
      },
    );
    expect(hookedFiles(code)).toEqual([]);
    expect(code).toContain('from "/src/shim.js"');
  });
});

test('a bundler with hook filters does not even call us for a file without async generators', async () => {
  using app = new App();
  const calls: string[] = [];
  const plugin = face(app, 'rolldown')();
  const { handler } = plugin.transform;
  plugin.transform.handler = function (code: string, id: string) {
    calls.push(id.slice(app.root.length + 1));
    return handler.call(this, code, id);
  };
  await rolldown(app, {}, { plugins: [plugin] });
  expect(calls.sort()).toEqual(all);
});

test('we leave ourselves alone, wherever we stand, and nobody else', async () => {
  using app = new App({
    'asyncgen-hooks/dist/main.js': 'export async function* items() {}',
  });
  const entry = 'asyncgen-hooks/dist/main.js';
  const built = [
    await esbuild(app, {}, { entryPoints: [entry] }),
    await rolldown(app, {}, { input: entry }),
  ];
  for (const { code } of built) expect(code).toContain(`"${entry}:1:7 `);
  const ourselves = join(
    realpathSync(join(app.root, 'node_modules/asyncgen-hooks')),
    'dist/index.mjs',
  );
  const { transform } = face(app, 'vite')({ exclude: [] });
  const isLeft = (id: string): boolean =>
    transform.filter.id.exclude.some((pattern: RegExp) => pattern.test(id));
  expect(
    ['/app/node_modules/asyncgen-hooks/dist/index.mjs', ourselves, join(app.root, entry)].map(
      isLeft,
    ),
  ).toEqual([true, true, false]);
});

describe('a file that cannot be parsed', () => {
  const main = "export async function* items(n: number) { yield n; }\nconsole.log('kept');";

  test('stays as it is, with a warning that tells the file and the reason', async () => {
    using app = new App({ 'src/odd.js': main });
    const { code, warnings } = await esbuild(
      app,
      {},
      {
        entryPoints: ['src/odd.js'],
        loader: { '.js': 'ts' },
      },
    );
    expect(code).toContain('async function* items(n)');
    expect(warnings).toEqual([
      expect.stringMatching(
        /^asyncgen-hooks\/bundlers: src\/odd\.js cannot be parsed \(.+ \(1:30\)\), and no hook sees its async generators\./,
      ),
    ]);
  });

  test('in Rolldown, too', async () => {
    using app = new App({ 'src/odd.js': main });
    const { code, warnings } = await rolldown(
      app,
      {},
      {
        input: 'src/odd.js',
        moduleTypes: { '.js': 'ts' },
      },
    );
    expect(code).toContain('async function* items(n)');
    expect(warnings).toEqual([expect.stringContaining('src/odd.js cannot be parsed')]);
  });
});

test('modules that no file stands behind, and texts of files, stay as they are', async () => {
  using app = new App({
    'src/main.ts':
      "import text from './count.ts' with { type: 'text' };\nimport v from 'virtual';\nconsole.log(text, v);",
  });
  const text = app.read('src/count.ts');
  const { code } = await rolldown(
    app,
    {},
    {
      plugins: [
        face(app, 'rolldown')(),
        {
          name: 'virtual',
          resolveId: (id) =>
            id === 'virtual' ? '\0virtual.js' : id.endsWith('count.ts') ? '\0count.ts' : null,
          load: (id) =>
            id === '\0virtual.js'
              ? 'export default async function* () {}'
              : id === '\0count.ts'
                ? `export default ${JSON.stringify(text)}`
                : null,
        },
      ],
    },
  );
  expect(hookedFiles(code)).toEqual([]);
  expect(code).toContain('async function*');
});

test('a folder may have a # in its name', async () => {
  const entry = 'c#/a.b#/main.js';
  using app = new App({ [entry]: 'export async function* items() {}' });
  const built = [
    await esbuild(app, {}, { entryPoints: [entry] }),
    await rolldown(app, {}, { input: entry }),
  ];
  for (const { code } of built) expect(code).toContain(`"${entry}:1:7 `);
});

test.each([
  ['', 'import {'],
  ['?v=1', 'import {'],
  ['?raw', 'export async'],
  ['?as&url', 'export async'],
])('the loader, for a file with the query "%s", gives %s …', (resourceQuery, start) => {
  using app = new App();
  let answer: string | undefined;
  const context = {
    resourcePath: join(app.root, 'src/items.js'),
    resourceQuery,
    rootContext: app.root,
    getOptions: () => ({}),
    emitWarning: () => {},
    callback: (_error: unknown, code: string) => (answer = code),
  };
  const loader = requireIn(app)('asyncgen-hooks/loader') as (code: string) => void;
  loader.call(context as never, 'export async function* items() {}');
  expect(answer).toMatch(new RegExp(`^${start}`));
});

test('what Vite asks of a file beside its module stays as it is', () => {
  using app = new App();
  const { transform } = face(app, 'vite')();
  const { include, exclude } = transform.filter.id;
  const isTaken = (id: string): boolean =>
    include.test(id) && !exclude.some((pattern: RegExp) => pattern.test(id));
  expect(
    [
      '/app/src/a.ts',
      '/app/src/a.mjs?v=1',
      '/app/src/a.tsx?import&t=2',
      '/app/src/a.ts?worker_file&type=module',
      '/app/src/a.ts?raw',
      '/app/src/a.ts?import&url',
      '/app/src/a.json',
      '/app/src/App.vue',
      '/app/src/App.vue?vue&type=script&setup=true&lang.ts',
      '\0/app/src/a.js?commonjs-proxy',
      '/app/node_modules/a/index.js',
    ].filter(isTaken),
  ).toEqual([
    '/app/src/a.ts',
    '/app/src/a.mjs?v=1',
    '/app/src/a.tsx?import&t=2',
    '/app/src/a.ts?worker_file&type=module',
  ]);
});

test('a shim that is external stays an import of the output', async () => {
  using app = new App();
  const external = ['asyncgen-hooks', 'asyncgen-hooks/shim'];
  for (const { code } of [
    await esbuild(app, {}, { external }),
    await rolldown(app, {}, { external }),
  ]) {
    expect(code).toMatch(/from ?"asyncgen-hooks\/shim"/);
    expect(code).not.toContain('FinalizationRegistry');
  }
});
