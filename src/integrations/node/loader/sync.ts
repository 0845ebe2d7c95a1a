import module from 'node:module';
import { fileURLToPath } from 'node:url';
import type { CompileFile } from './compile.js';
import type { SourceType } from './package-type.js';

interface Loaded {
  readonly format?: string | null;
  readonly source?: Parameters<CompileFile>[0] | null;
}

interface Context {
  readonly conditions?: Iterable<string>;
}

type Load = (
  url: string,
  context: Context,
  next: (url: string, context: Context) => Loaded,
) => Loaded;

/** Node 22.15, 23.5 and newer: one hook, in this thread, for `import` and `require`. */
export function hookModules(compile: CompileFile): void {
  const { registerHooks } = module as unknown as { registerHooks(hooks: { load: Load }): void };
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      const compiled = compileLoaded(compile, url, loaded);
      const isForeign = hasOtherRequire && loaded.format === 'commonjs' && isImport(context);
      if (compiled === undefined && !isForeign) return loaded;
      return {
        format: isForeign ? 'commonjs-sync' : loaded.format,
        source: compiled ?? loaded.source,
      };
    },
  });
}

const isImport = ({ conditions }: Context): boolean => [...(conditions ?? [])].includes('import');

/**
 * In Node 22, and before 24.11 and 25.2, an imported CommonJS module that passed a hook gets a `require` of
 * another kind: it has no cache, and fails with ERR_VM_MODULE_LINK_FAILURE for an ES module that
 * shares a dependency with what is being imported. The format that these versions use
 * themselves hands the module to `require` proper.
 */
const hasOtherRequire = ((): boolean => {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  const mended: Record<number, number> = { 24: 11, 25: 2 };
  return major < 26 && minor < (mended[major] ?? Infinity);
})();

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
