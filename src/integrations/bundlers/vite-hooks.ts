import { resolve } from 'node:path';
import type { Plugin, UserConfig } from 'vite';
import { SHIM_MODULE } from '../../constants.js';
import { fileIn, reachesShim, type Project } from './project.js';
import { rollupHooks } from './rollup-hooks.js';

/** What Vite needs beside the transform. */
export function viteHooks(project: Project): Partial<Plugin> {
  const { resolveId } = rollupHooks(project);
  return {
    resolveId,
    config({ root }): UserConfig | undefined {
      const { plugin } = project.options;
      if (plugin.importSource !== SHIM_MODULE) return undefined;
      if (!reachesShim(fileIn(resolve(root ?? '.')))) return undefined;
      // The scan for dependencies does not see compiled code: found later, the shim would make the
      // page load again.
      return { optimizeDeps: { include: [SHIM_MODULE] } };
    },
    configResolved({ root }) {
      project.root = root;
    },
  };
}
