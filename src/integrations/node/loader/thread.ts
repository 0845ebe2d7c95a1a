/** What runs in the thread that Node keeps for loaders, before `module.registerHooks`. */
import { createCompileFile, type CompileFile } from './compile.js';
import { loadOptions } from './config.js';
import type { ThreadData } from './off-thread.js';
import { compileLoaded } from './sync.js';
import { writeWarningsAtOnce } from './thread-warnings.js';
import { Notes } from '../watch/notes.js';
import { Run } from '../watch/run.js';

type Loaded = Parameters<typeof compileLoaded>[2];

let compile: CompileFile;

export function initialize({ cwd, options, isWatched }: ThreadData): void {
  writeWarningsAtOnce();
  const run = isWatched ? Run.join() : undefined;
  const watcher = run && new Notes().watcher(run);
  compile = createCompileFile(loadOptions(cwd, options), cwd, () => {}, watcher);
}

/** CommonJS is left to the hook of `require`, which sees it however it is loaded. */
export async function load(
  url: string,
  context: object,
  next: (url: string, context: object) => Promise<Loaded>,
): Promise<Loaded> {
  const loaded = await next(url, context);
  if (loaded.format === 'commonjs') return loaded;
  const compiled = compileLoaded(compile, url, loaded);
  return compiled === undefined ? loaded : { ...loaded, source: compiled };
}
