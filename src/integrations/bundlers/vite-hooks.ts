import { resolve } from 'node:path';
import type { Plugin, UserConfig } from 'vite';
import { SHIM_MODULE } from '../../constants.js';
import { setupEsbuild } from './esbuild-setup.js';
import { fileIn, reachesShim, type Project } from './project.js';
import { rollupHooks } from './rollup-hooks.js';
import { transformHook } from './transform.js';

type OptimizeDeps = NonNullable<UserConfig['optimizeDeps']>;

/** What Vite needs beside the transform. */
export function viteHooks(project: Project): Partial<Plugin> {
  const { resolveId } = rollupHooks(project);
  return {
    resolveId,
    config({ root = '.' }) {
      const optimizeDeps = project.options.skipsDependencies
        ? {}
        : dependencyPlugins(project, isRolldown(this));
      const { importSource } = project.options.plugin;
      if (importSource === SHIM_MODULE && reachesShim(fileIn(resolve(root)))) {
        // The scan for dependencies does not see compiled code: found later, the shim would make
        // the page load again.
        optimizeDeps.include = [SHIM_MODULE];
      }
      return { optimizeDeps };
    },
    configResolved({ root, cacheDir }) {
      project.root = root;
      project.made = cacheDir;
    },
  };
}

/** The dev server bundles dependencies beforehand, without the plugins of the project. */
function dependencyPlugins(project: Project, isRolldown: boolean): OptimizeDeps {
  // Part of the key of Vite's cache.
  const name = `asyncgen-hooks ${project.options.key}`;
  if (isRolldown)
    return { rolldownOptions: { plugins: [{ name, transform: transformHook(project) }] } };
  const esbuild = { name, setup: (build: never) => setupEsbuild(build, project) };
  return { esbuildOptions: { plugins: [esbuild] } } as object;
}

/** Vite 8 is built on Rolldown, those before on Rollup and esbuild. */
const isRolldown = (context: unknown): boolean =>
  'rolldownVersion' in ((context as { meta?: object } | undefined)?.meta ?? {});
