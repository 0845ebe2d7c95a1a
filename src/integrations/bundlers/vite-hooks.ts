import { resolve } from 'node:path';
import type { Plugin, UserConfig } from 'vite';
import { SHIM_MODULE } from '../../constants.js';
import { warn } from '../../messages.js';
import { setupEsbuild } from './esbuild-setup.js';
import { isBeforeAsyncGenerators, isOxcWrong, loweringWarning } from './lowering.js';
import { folderReachesShim } from '../shim.js';
import type { Project } from './project.js';
import { rollupHooks } from './rollup-hooks.js';
import { transformHook } from './plugin.js';
import { checkVersion } from './versions.js';

type OptimizeDeps = NonNullable<UserConfig['optimizeDeps']>;

/** What Vite needs beside the transform. */
export function viteHooks(project: Project): Partial<Plugin> {
  const { resolveId } = rollupHooks(project);
  let rolldownVersion: string | undefined;
  return {
    resolveId,
    options(this: unknown) {
      const { meta } = this as { meta?: { rollupVersion?: string; rolldownVersion?: string } };
      if (meta?.rollupVersion !== undefined && meta.rolldownVersion === undefined)
        checkVersion('Rollup', meta.rollupVersion);
    },
    config({ root = '.' }) {
      rolldownVersion = rolldownVersionOf(this);
      const optimizeDeps = project.options.skipsDependencies
        ? {}
        : dependencyPlugins(project, rolldownVersion === undefined);
      const { importSource } = project.options.plugin;
      if (importSource === SHIM_MODULE && folderReachesShim(resolve(root))) {
        // The scan for dependencies does not see compiled code: found later, the shim would make
        // the page load again.
        optimizeDeps.include = [SHIM_MODULE];
      }
      return { optimizeDeps };
    },
    configResolved(config) {
      const { root, cacheDir, build, logger } = config;
      project.root = root;
      warnOfVitest(config, project);
      project.made = cacheDir;
      if (!isBeforeAsyncGenerators(build.target)) return;
      if (rolldownVersion === undefined) logger.warn(loweringWarning('esbuild'));
      else if (isOxcWrong(rolldownVersion)) logger.warn(loweringWarning('Oxc'));
    },
  };
}

/** The dev server bundles dependencies beforehand, without the plugins of the project. */
function dependencyPlugins(project: Project, usesEsbuild: boolean): OptimizeDeps {
  // Part of the key of Vite's cache.
  const name = `asyncgen-hooks ${project.options.key}`;
  if (!usesEsbuild) {
    return { rolldownOptions: { plugins: [{ name, transform: transformHook(project) }] } };
  }
  const plugin = { name, setup: (build: never) => setupEsbuild(build, project) };
  return { esbuildOptions: { plugins: [plugin] } } as object;
}

interface VitestConfig {
  readonly test?: {
    readonly server?: { readonly deps?: { readonly inline?: unknown } };
    /** Before Vitest 0.34. */
    readonly deps?: { readonly inline?: unknown };
  };
}

let warned = false;

/** Vitest hands dependencies to Node, not to Vite, whatever Vite's plugins would do with them. */
function warnOfVitest(config: object, { options }: Project): void {
  if (warned || options.skipsDependencies || !('test' in config && process.env['VITEST'])) return;
  const { test } = config as VitestConfig;
  const inline = test?.server?.deps?.inline ?? test?.deps?.inline;
  if (inline === true || (Array.isArray(inline) && inline.length > 0)) return;
  warned = true;
  // Vitest has Vite's own logger print errors only.
  warn(
    'asyncgen-hooks/bundlers: Vitest loads dependencies without Vite, and no hook sees their async ' +
      'generators. Name those to compile in "test.server.deps.inline". Said once.',
    'ERR_ASYNCGEN_EXTERNAL',
  );
}

/** Vite 8 is built on Rolldown, those before on Rollup and esbuild. */
const rolldownVersionOf = (context: unknown): string | undefined =>
  (context as { meta?: { rolldownVersion?: string } } | undefined)?.meta?.rolldownVersion;
