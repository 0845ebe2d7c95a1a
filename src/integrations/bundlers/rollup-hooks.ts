import { isAbsolute, resolve } from 'node:path';
import { isBeforeAsyncGenerators, isOxcWrong, loweringWarning } from './lowering.js';
import { isShim, reachesShim, SHIM_FILE } from '../shim.js';
import type { Project } from './project.js';
import { fileOf } from './options.js';
import { checkVersion } from './versions.js';

interface RolldownContext {
  readonly meta: { readonly rollupVersion?: string; readonly rolldownVersion?: string };
  readonly warn: (message: string) => void;
}

/** Options that Rolldown has and Rollup has not. */
interface RolldownOptions {
  readonly cwd?: string;
  readonly transform?: { readonly target?: unknown };
}

/** What Rollup, Rolldown and Vite share beside the transform. */
export const rollupHooks = (project: Project) => ({
  resolveId: {
    filter: { id: isShim },
    handler(source: string, importer: string | undefined): string | undefined {
      if (!isShim.test(source) || importer === undefined) return undefined;
      const file = fileOf(importer);
      return !isAbsolute(file) || reachesShim(file) ? undefined : SHIM_FILE;
    },
  },
  options(this: unknown, options: object): void {
    const { cwd, transform } = options as RolldownOptions;
    if (cwd !== undefined) project.root = resolve(cwd);
    const { meta, warn } = this as RolldownContext;
    if (meta.rolldownVersion === undefined) checkVersion('Rollup', meta.rollupVersion);
    if (meta.rolldownVersion === undefined || !isOxcWrong(meta.rolldownVersion)) return;
    if (isBeforeAsyncGenerators(transform?.target)) warn(loweringWarning('Oxc'));
  },
});
