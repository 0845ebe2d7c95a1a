import module from 'node:module';
import { fileURLToPath } from 'node:url';
import type { CompileFile } from './compile.js';
import type { SourceType } from './package-type.js';

interface Loaded {
  readonly format?: string | null;
  readonly source?: Parameters<CompileFile>[0] | null;
}

type Load = (
  url: string,
  context: object,
  next: (url: string, context: object) => Loaded,
) => Loaded;

/** Node 22.15, 23.5 and newer: one hook, in this thread, for `import` and `require`. */
export function hookModules(compile: CompileFile): void {
  const { registerHooks } = module as unknown as { registerHooks(hooks: { load: Load }): void };
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      const compiled = compileLoaded(compile, url, loaded);
      return compiled === undefined ? loaded : { ...loaded, source: compiled };
    },
  });
}

/** Types are Node's to strip, after this. */
const FORMATS: Record<string, SourceType> = {
  module: 'module',
  'module-typescript': 'module',
  commonjs: 'commonjs',
  'commonjs-typescript': 'commonjs',
};

/** What a `load` hook has to do with what was loaded. */
export function compileLoaded(
  compile: CompileFile,
  url: string,
  { format, source }: Loaded,
): string | undefined {
  if (source == null || !url.startsWith('file:')) return undefined;
  // Without a format, Node will tell by the text whether it is a module.
  if (format != null && !(format in FORMATS)) return undefined;
  return compile(source, () => fileURLToPath(url), FORMATS[format ?? '']);
}
