import module from 'node:module';

/** What the thread of the loaders is told. */
export interface ThreadData {
  readonly cwd: string;
  readonly options: object | undefined;
  /** Whether the thread that it loads for is one of the command's. */
  readonly isWatched: boolean;
}

/** Has ES modules compiled in the thread that Node keeps for loaders. */
export function hookModuleLoader(data: ThreadData): void {
  module.register('./loader-thread.mjs', import.meta.url, { data });
}
