import { writeSync } from 'node:fs';
import { createCompileFile, type CompileFile, type Watcher } from '../compile.js';
import { loadOptions } from '../config.js';
import type { ThreadData } from './off-thread.js';
import { compileLoaded } from '../hooks.js';

type Loaded = Parameters<typeof compileLoaded>[2];

/**
 * What runs in the thread that Node keeps for loaders, before `module.registerHooks`.
 * @param join the watcher of the run that the thread belongs to, if it still goes on.
 */
export function createThreadHooks(join: () => Watcher | undefined) {
  let compile: CompileFile | undefined;
  return {
    initialize({ cwd, options, isWatched }: ThreadData): void {
      // Called for each loader that ours stands behind.
      if (compile === undefined) writeWarningsAtOnce();
      const watcher = isWatched ? join() : undefined;
      compile = createCompileFile(loadOptions(cwd, options), cwd, () => {}, watcher);
    },
    /** CommonJS is left to the hook of `require`, but for what another loader made: that does not pass there. */
    async load(
      url: string,
      context: object,
      next: (url: string, context: object) => Promise<Loaded>,
    ): Promise<Loaded> {
      const loaded = await next(url, context);
      if (loaded.format === 'commonjs' && loaded.source == null) return loaded;
      const compiled = compileLoaded(compile!, url, loaded);
      return compiled === undefined ? loaded : { ...loaded, source: compiled };
    },
  };
}

/**
 * What the thread of the loaders prints goes through the event loop of the main thread, and is lost
 * where the program ends before. So our own warnings are written at once.
 */
function writeWarningsAtOnce(): void {
  const emitWarning = process.emitWarning as (...args: unknown[]) => void;
  const isQuiet =
    process.execArgv.includes('--no-warnings') || process.env['NODE_NO_WARNINGS'] === '1';
  process.emitWarning = ((...args: unknown[]) => {
    const { name, code, message, detail } = (args[0] ?? {}) as Error & Record<string, string>;
    if (name !== 'AsyncGenHooksWarning') return emitWarning.apply(process, args);
    if (!isQuiet) writeSync(2, `(node:${process.pid}) [${code}] ${name}: ${message}\n${detail}\n`);
  }) as typeof process.emitWarning;
}
