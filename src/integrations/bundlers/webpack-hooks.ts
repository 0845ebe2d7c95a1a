import { fileURLToPath } from 'node:url';
import { SHIM_MODULE } from '../../constants.js';
import { loweringLoaders, loweringWarning } from './lowering.js';
import type { Options, ResolvedOptions } from './options.js';
import { NAME } from './plugin.js';
import { SHIM_FILE } from '../shim.js';

declare const VERSION: string;

/** The part of a compiler that webpack and Rspack have in common. */
interface Compiler {
  readonly options: { resolve: object; module: { rules: unknown }; cache?: unknown };
  readonly hooks: {
    thisCompilation: { tap(name: string, run: (compilation: Compilation) => void): void };
  };
}

interface Compilation {
  readonly warnings: unknown[];
}

type Fallback = Record<string, unknown> | object[];

/** The loader beside this file, of this format or the other. */
const loader = fileURLToPath(new URL('./loader.cjs', import.meta.url));

/** In webpack and Rspack the plugin puts the loader in front of all others. */
export function applyToWebpack(compiler: Compiler, given: Options, { key }: ResolvedOptions): void {
  const { resolve, cache, module } = compiler.options as {
    resolve: { fallback?: Fallback | undefined };
    cache?: { type?: string; version?: string } | boolean;
    module: { rules: unknown[] };
  };
  module.rules.unshift({
    enforce: 'pre',
    test: /\.[cm]?[jt]sx?$/,
    use: [{ loader, options: given, ident: `${NAME} ${key}` }],
  });
  const { fallback = {} } = resolve;
  resolve.fallback = Array.isArray(fallback)
    ? [...fallback, { name: SHIM_MODULE, alias: SHIM_FILE, onlyModule: true }]
    : { ...fallback, [`${SHIM_MODULE}$`]: SHIM_FILE };
  compiler.hooks.thisCompilation.tap(NAME, ({ warnings }) => {
    const tools = new Set(loweringLoaders(compiler.options.module.rules));
    for (const tool of tools) warnings.push(new Error(loweringWarning(tool)));
  });
  // What a cache on disk keeps depends on the options, and on the version of what compiled it.
  if (typeof cache !== 'object' || cache.type === 'memory') return;
  cache.version = [cache.version, `${NAME}@${VERSION}`, key].join('|');
}

export const AUTO = 'javascript/auto';

/** What a file without any mark is by webpack's rules. */
export const unmarked = (type: string): 'module' | 'commonjs' =>
  type === 'javascript/esm' ? 'module' : 'commonjs';
