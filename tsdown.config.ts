import pkg from './package.json' with { type: 'json' };
import { defineConfig, type UserConfig } from 'tsdown';
import { cssAsModule } from './scripts/css-module.js';
import { esmDoors } from './scripts/esm-doors.js';
import { parserAsModule } from './scripts/parser-module.js';
import { shortLines } from './scripts/short-lines.js';

const shared: UserConfig = {
  format: ['esm', 'cjs'],
  target: 'es2022',
  outExtensions: ({ format }) =>
    format === 'cjs' ? { js: '.cjs', dts: '.d.cts' } : { js: '.mjs', dts: '.d.mts' },
  dts: true,
  // For projects whose own `lib` has no `Disposable` yet.
  banner: { dts: '/// <reference lib="esnext.disposable" />' },
  clean: false,
  logLevel: 'error',
};

/** What is neutral finds no package by its `main`, and leaves its import as it stands. */
const anyPackage = { resolve: { mainFields: ['module', 'main'] } };

const define = { VERSION: JSON.stringify(pkg.version) };
const BUNDLERS = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild', 'bun'];

/** Names stay, and lines are short: they stand in stacks. */
const small = { minify: { compress: true, mangle: false, codegen: true }, plugins: [shortLines()] };
/** What only Node loads. */
const smallAndOnce = { ...small, plugins: [esmDoors(), shortLines()] };

/** What stands on the hooks, one room each. */
const TOOLS = Object.fromEntries(
  ['code-transformer', 'context', 'devtools', 'diagnostics', 'opentelemetry'].map((name) => [
    name,
    `src/${name}/index.ts`,
  ]),
);

/** What runs in Node: the format and the source of each. */
const NODE: Record<string, [format: 'esm' | 'cjs', file: string]> = {
  'register.mjs': ['esm', 'loader/register-module.ts'],
  'register.cjs': ['cjs', 'loader/register.ts'],
  'loader-thread.mjs': ['esm', 'watch/node-20-22.14-loader-thread.ts'],
  'probe.mjs': ['esm', 'loader/node-20-22.14/node-20-probe.ts'],
  'watch.cjs': ['cjs', 'watch/preload.ts'],
  'bin.cjs': ['cjs', 'cli/main.ts'],
  'report.cjs': ['cjs', 'report/index.ts'],
  'live.cjs': ['cjs', 'live/index.ts'],
  'vitest-setup.mjs': ['esm', '../runners/vitest-setup.ts'],
  'mocha.mjs': ['esm', '../runners/mocha-module.ts'],
  'mocha.cjs': ['cjs', '../runners/mocha-require.ts'],
  'playwright.mjs': ['esm', '../runners/playwright-module.ts'],
  'playwright.cjs': ['cjs', '../runners/playwright.ts'],
  'node-test.mjs': ['esm', '../runners/node-test-module.ts'],
  'node-test.cjs': ['cjs', '../runners/node-test-require.ts'],
};

/** Entries that no debugger steps into, and types. */
const WITHOUT_MAP = /^(?:(?:code-transformer|node|opentelemetry)\.[cm]js|.+\.d\.[cm]ts)(?:\.map)?$/;

interface File {
  type: string;
  source?: unknown;
  code?: string;
  map?: unknown;
}

/** Our sources are published once, and stand in no map: each would stand in two. */
function withoutOurs(text: string): string {
  const map = JSON.parse(text) as { sources: string[]; sourcesContent: (string | null)[] };
  map.sourcesContent = map.sourcesContent.map((content, i) =>
    map.sources[i]!.startsWith('../src/') ? null : content,
  );
  return JSON.stringify(map);
}

const smallMaps = {
  name: 'small-maps',
  generateBundle(_: object, bundle: Record<string, File>) {
    for (const [name, file] of Object.entries(bundle)) {
      if (!WITHOUT_MAP.test(name)) {
        if (name.endsWith('.map')) file.source = withoutOurs(String(file.source));
        continue;
      }
      if (file.type === 'asset') Reflect.deleteProperty(bundle, name);
      else {
        file.code = file.code!.replace(/\n?\/\/# sourceMappingURL=.*\n?$/, '\n');
        file.map = null;
      }
    }
  },
};

export default defineConfig([
  {
    ...shared,
    entry: {
      index: 'src/runtime/index.ts',
      shim: 'src/runtime/shim/index.ts',
      lifecycle: 'src/lifecycle/index.ts',
      node: 'src/integrations/node/index.ts',
      ...TOOLS,
      testing: 'src/integrations/runners/testing.ts',
    },
    external: [/^node:/],
    define,
    platform: 'neutral',
    inputOptions: anyPackage,
    // Debuggers step past files whose source map has them on its ignore list.
    sourcemap: true,
    outputOptions: (options, _format, { cjsDts }) => ({
      ...options,
      // Types of CommonJS are built for themselves, past all plugins.
      sourcemap: !cjsDts,
      sourcemapIgnoreList: () => true,
    }),
    plugins: [smallMaps],
  },
  {
    ...shared,
    ...smallAndOnce,
    entry: { babel: 'src/transform/index.ts' },
    platform: 'node',
    cjsDefault: false,
    define,
  },
  {
    ...shared,
    ...smallAndOnce,
    entry: {
      ...Object.fromEntries(BUNDLERS.map((name) => [name, `src/integrations/bundlers/${name}.ts`])),
      ...Object.fromEntries(
        ['bun-test', 'jest-preset', 'jest-transform', 'vitest'].map((name) => [
          name,
          `src/integrations/runners/${name}.ts`,
        ]),
      ),
    },
    platform: 'node',
    define,
  },
  {
    ...shared,
    ...smallAndOnce,
    entry: { loader: 'src/integrations/bundlers/loader.ts' },
    platform: 'node',
    define,
  },
  {
    ...shared,
    ...smallAndOnce,
    // Jest leaves frames of such a path out of the stacks that it prints; without a source map it is the path.
    entry: { 'jest/build/setup': 'src/integrations/runners/jest.ts' },
    platform: 'node',
    define,
  },
  // One file each, with their parser, for all doors: what loads is minified, as its text is what takes time.
  ...(['engine', 'engine-plain'] as const).map((name): UserConfig => ({
    ...shared,
    entry: { [name]: 'src/engine/index.ts' },
    platform: 'neutral',
    plugins: [parserAsModule(name === 'engine-plain'), shortLines()],
    treeshake: { manualPureFunctions: ['ParseErrorEnum'] },
    inputOptions: anyPackage,
    format: 'cjs',
    dts: false,
    minify: true,
  })),
  // What runs in the page of a report, which holds it whole.
  {
    ...shared,
    entry: { page: 'src/integrations/node/page/main.ts' },
    platform: 'browser',
    plugins: [cssAsModule()],
    format: 'iife',
    outExtensions: () => ({ js: '.js' }),
    outputOptions: { entryFileNames: '[name].js' },
    // Its packages are no dependencies of ours.
    noExternal: [/./],
    dts: false,
    banner: {},
    minify: true,
  },
  // One file each: what is loaded before a program starts is its waiting time.
  ...Object.entries(NODE).map(([name, [format, file]]): UserConfig => ({
    ...shared,
    ...small,
    entry: { [name.slice(0, -4)]: `src/integrations/node/${file}` },
    platform: 'node',
    dts: /^(?:register|node-test|mocha|playwright)\./.test(name),
    format,
    define,
  })),
]);
