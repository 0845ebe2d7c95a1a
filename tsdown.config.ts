import pkg from './package.json' with { type: 'json' };
import { defineConfig, type UserConfig } from 'tsdown';

const shared: UserConfig = {
  format: ['esm', 'cjs'],
  target: 'es2022',
  outExtensions: ({ format }) =>
    format === 'cjs' ? { js: '.cjs', dts: '.d.cts' } : { js: '.mjs', dts: '.d.mts' },
  dts: true,
  clean: false,
  logLevel: 'error',
};

const define = { VERSION: JSON.stringify(pkg.version) };
const BUNDLERS = ['vite', 'rollup', 'rolldown', 'webpack', 'rspack', 'esbuild', 'loader'];

const nodeEntries: Record<string, string> = {
  register: 'src/integrations/node/register.ts',
  'loader-thread': 'src/integrations/node/loader/thread.ts',
  compiler: 'src/integrations/compiler/index.ts',
  watch: 'src/integrations/node/watch/preload.ts',
  bin: 'src/integrations/node/cli/main.ts',
};
const formats: Record<string, ('esm' | 'cjs')[]> = {
  register: ['esm', 'cjs'],
  'loader-thread': ['esm'],
  compiler: ['cjs'],
  watch: ['cjs'],
  bin: ['cjs'],
};

export default defineConfig([
  {
    ...shared,
    entry: {
      index: 'src/runtime/index.ts',
      shim: 'src/runtime/shim/index.ts',
      lifecycle: 'src/lifecycle/index.ts',
      node: 'src/integrations/node/index.ts',
    },
    external: [/^node:/, '@babel/code-frame'],
    platform: 'neutral',
  },
  {
    ...shared,
    entry: { babel: 'src/transform/index.ts' },
    platform: 'node',
    cjsDefault: false,
    define,
  },
  {
    ...shared,
    entry: Object.fromEntries(
      BUNDLERS.map((name) => [name, `src/integrations/bundlers/${name}.ts`]),
    ),
    platform: 'node',
    define,
  },
  // One file each: what is loaded before a program starts is its waiting time.
  ...['register', 'loader-thread', 'compiler', 'watch', 'bin'].map((name): UserConfig => ({
    ...shared,
    entry: { [name]: nodeEntries[name]! },
    platform: 'node',
    dts: name === 'register',
    format: formats[name]!,
    define,
  })),
]);
