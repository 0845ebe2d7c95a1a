import { readFileSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import type { CompileFile } from './compile.js';
import { hookTranspiled, isTranspiled } from './transpiled.js';
import { hasOtherRequire } from './node-22-25.1-other-require.js';
import { transformTypes } from './node-22-24-transform-types.js';
import { isNullSource } from './node-22.15-null-source.js';
import { FORMATS } from './package-type.js';

interface Loaded {
  readonly format?: string | null;
  readonly source?: Parameters<CompileFile>[0] | null;
}

interface Context {
  readonly conditions?: Iterable<string>;
  readonly format?: string | null;
}

type Load = (
  url: string,
  context: Context,
  next: (url: string, context: Context) => Loaded,
) => Loaded;

interface Hooks {
  registerHooks(this: unknown, hooks: { load?: Load }): { deregister(): void };
}

/**
 * Node 22.15, 23.5 and newer: one hook, in this thread, for `import` and `require`. Hooks that are registered later
 * are asked first, and may read files by themselves (@oxc-node/core does): there a second one of ours stands
 * behind them, and leaves alone what the first has compiled.
 */
export function hookModules(compile: CompileFile): void {
  const hooks = module as unknown as Hooks;
  const { registerHooks } = hooks;
  const load = createLoad(compile);
  hookTranspiled(compile);
  registerHooks({ load });
  let outer: { deregister(): void } | undefined;
  hooks.registerHooks = function (added) {
    const registered = registerHooks.call(this, added);
    outer?.deregister();
    outer = registerHooks({ load });
    return registered;
  };
  module.syncBuiltinESMExports();
}

const createLoad =
  (compile: CompileFile): Load =>
  (url, context, next) => {
    let loaded: Loaded | undefined;
    try {
      loaded = next(url, context);
    } catch (error) {
      if (!isFile(url) || !isImport(context) || !isNullSource(error, context.format)) throw error;
    }
    if (loaded === undefined || (loaded.source == null && loaded.format === 'commonjs'))
      return isFile(url) ? loadBeside(compile, url, loaded) : loaded!;
    const isImported = isImport(context);
    const isRequired = !isImported || loaded.format === 'commonjs';
    const compiled =
      isRequired && isTranspiled(url) ? undefined : compileLoaded(compile, url, loaded);
    // `require` proper reads the file by itself: what a loader has made of an ES module is not in it.
    const isModule = FORMATS.get(context.format ?? '') === 'module';
    const isForeign = hasOtherRequire && loaded.format === 'commonjs' && isImported && !isModule;
    if (compiled === undefined && !isForeign) return loaded;
    const typed = compiled && transformTypes(compiled, loaded.format);
    if (typed) return typed;
    return {
      format: isForeign ? 'commonjs-sync' : loaded.format,
      source: compiled ?? loaded.source,
    };
  };

/**
 * An imported CommonJS module that a loader of `module.register` leaves to `require`: it has no source
 * yet, and our hook is not asked again when `require` reads it.
 *
 * @param loaded what Node would go on with; `undefined` if it would fail.
 */
function loadBeside(compile: CompileFile, url: string, loaded: Loaded | undefined): Loaded {
  const file = fileURLToPath(url);
  const source = readFileSync(file, 'utf8');
  const compiled = isTranspiled(url) ? undefined : compile(source, file, 'commonjs');
  if (compiled === undefined && loaded !== undefined) return loaded;
  return { format: 'commonjs-sync', source: compiled ?? source };
}

const isFile = (url: string): boolean => url.startsWith('file:');
const isImport = ({ conditions }: Context): boolean => [...(conditions ?? [])].includes('import');

/** What a `load` hook has to do with what was loaded. */
export function compileLoaded(
  compile: CompileFile,
  url: string,
  { format, source }: Loaded,
): string | undefined {
  if (source == null || !isFile(url)) return undefined;
  // Without a format, Node will tell by the text whether it is a module.
  if (format != null && !FORMATS.has(format)) return undefined;
  return compile(source, () => fileURLToPath(url), FORMATS.get(format ?? ''));
}
