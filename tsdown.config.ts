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
