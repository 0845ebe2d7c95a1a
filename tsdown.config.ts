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

export default defineConfig([
  {
    ...shared,
    entry: {
      index: 'src/runtime/index.ts',
      shim: 'src/runtime/shim/index.ts',
      lifecycle: 'src/lifecycle/index.ts',
      node: 'src/integrations/node.ts',
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
]);
