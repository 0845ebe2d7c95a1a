import { isAbsolute, resolve } from 'node:path';
import { fileOf } from '../compiler/index.js';
import { isShim, ownShim, reachesShim, type Project } from './project.js';

/** What Rollup, Rolldown and Vite share beside the transform. */
export const rollupHooks = (project: Project) => ({
  resolveId: {
    filter: { id: isShim },
    handler(source: string, importer: string | undefined): string | undefined {
      if (!isShim.test(source) || importer === undefined) return undefined;
      const file = fileOf(importer);
      return !isAbsolute(file) || reachesShim(file) ? undefined : ownShim;
    },
  },
  buildStart(options: object): void {
    const { cwd } = options as { readonly cwd?: string };
    if (cwd !== undefined) project.root = resolve(cwd);
    project.checkPeers();
  },
});
