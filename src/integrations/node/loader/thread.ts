/** What runs in the thread that Node keeps for loaders, before `module.registerHooks`. */
import { createCompileFile, type CompileFile } from './compile.js';
import { loadOptions } from './config.js';
import type { InstallOptions } from './install.js';
import { compileLoaded } from './sync.js';

type Loaded = Parameters<typeof compileLoaded>[2];

let compile: CompileFile;

export function initialize({ cwd, options }: Required<InstallOptions>): void {
  compile = createCompileFile(
    loadOptions(cwd, options),
    cwd,
    () => {},
    () => true,
  );
}

/** CommonJS is left to the hook of `require`, but for what another loader made: that does not pass there. */
export async function load(
  url: string,
  context: object,
  next: (url: string, context: object) => Promise<Loaded>,
): Promise<Loaded> {
  const loaded = await next(url, context);
  if (loaded.format === 'commonjs' && loaded.source == null) return loaded;
  const compiled = compileLoaded(compile, url, loaded);
  return compiled === undefined ? loaded : { ...loaded, source: compiled };
}
