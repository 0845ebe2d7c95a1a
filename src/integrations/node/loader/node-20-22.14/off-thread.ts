import module from 'node:module';

/** What the thread of the loaders is told. */
export interface ThreadData {
  readonly cwd: string;
  readonly options: object | undefined;
  /** Whether the thread that it loads for is one of the command's. */
  readonly isWatched: boolean;
}

const { register } = module;

/** Has ES modules compiled in the thread that Node keeps for loaders. */
export function hookModuleLoader(data: ThreadData): void {
  register('./loader-thread.mjs', import.meta.url, { data });
}

/**
 * A loader that is registered later is asked first, and may read files by itself (@oxc-node/core does). So ours
 * stands on either side of it: nearer to the source it sees what the user wrote, behind it what is left.
 * What was compiled once is not compiled again.
 *
 * @param goOffThread puts ours there, if it is not yet.
 */
export function surroundLoaders(goOffThread: () => void, data: ThreadData): void {
  module.register = function (this: unknown, ...args: unknown[]) {
    goOffThread();
    const result: unknown = register.apply(this, args as never);
    hookModuleLoader(data);
    return result;
  } as typeof register;
  module.syncBuiltinESMExports();
}
