/** What runs in the thread that Node keeps for loaders, before `module.registerHooks`. */
import { createCompileFile, type CompileFile } from './compile.js';
import { loadOptions } from './config.js';
import type { ThreadData } from './off-thread.js';
import { compileLoaded } from './sync.js';
import { writeWarningsAtOnce } from './thread-warnings.js';
import { Notes } from '../watch/notes.js';
import { Run } from '../watch/run.js';

type Loaded = Parameters<typeof compileLoaded>[2];

let compile: CompileFile | undefined;

export function initialize({ cwd, options, isWatched }: ThreadData): void {
  // Called for each loader that ours stands behind.
  if (compile === undefined) writeWarningsAtOnce();
  const run = isWatched ? Run.join() : undefined;
  compile = createCompileFile(
    loadOptions(cwd, options),
    cwd,
    () => {},
    run && new Notes().watcher(run),
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
  const compiled = compileLoaded(compile!, url, loaded);
  return compiled === undefined ? loaded : { ...loaded, source: compiled };
}
