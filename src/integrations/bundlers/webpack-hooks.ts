import type { UnpluginBuildContext } from 'unplugin';
import { SHIM_MODULE } from '../../constants.js';
import { loweringLoaders, loweringWarning } from './lowering.js';
import { ownShim, type Project } from './project.js';

declare const VERSION: string;

/** The part of a compiler that webpack and Rspack have in common. */
interface Compiler {
  readonly context: string;
  readonly options: { resolve: object; module: { rules: unknown }; cache?: unknown };
  readonly hooks: {
    thisCompilation: { tap(name: string, run: (compilation: Compilation) => void): void };
  };
}

interface Compilation {
  readonly warnings: unknown[];
}

type Fallback = Record<string, unknown> | object[];

/** What webpack and Rspack need beside the transform. */
export function applyToWebpack(compiler: Compiler, project: Project): void {
  project.root = compiler.context;
  const { resolve, cache } = compiler.options as {
    resolve: { fallback?: Fallback | undefined };
    cache?: { type?: string; version?: string } | boolean;
  };
  const { fallback = {} } = resolve;
  resolve.fallback = Array.isArray(fallback)
    ? [...fallback, { name: SHIM_MODULE, alias: ownShim, onlyModule: true }]
    : { ...fallback, [`${SHIM_MODULE}$`]: ownShim };
  compiler.hooks.thisCompilation.tap('asyncgen-hooks', ({ warnings }) => {
    const tools = new Set(loweringLoaders(compiler.options.module.rules));
    for (const tool of tools) warnings.push(new Error(loweringWarning(tool)));
  });
  // What a cache on disk keeps depends on the options, and on the version of what compiled it.
  if (typeof cache !== 'object' || cache.type === 'memory') return;
  cache.version = [cache.version, `asyncgen-hooks@${VERSION}`, project.options.key].join('|');
}

/** The type of a module, `asset/resource` for one; `undefined` for other bundlers. */
export function typeInWebpack(context: UnpluginBuildContext): string | undefined {
  const native = context.getNativeBuildContext?.();
  if (native?.framework !== 'webpack' && native?.framework !== 'rspack') return undefined;
  return native.loaderContext?._module?.type ?? AUTO;
}

export const AUTO = 'javascript/auto';

/** What a file without any mark is by webpack's rules. */
export const unmarked = (type: string): 'module' | 'commonjs' =>
  type === 'javascript/esm' ? 'module' : 'commonjs';
