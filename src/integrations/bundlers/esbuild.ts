import type { Plugin } from 'esbuild';
import { setupEsbuild } from './esbuild-setup.js';
import { resolveOptions, type Options } from './options.js';
import { NAME } from './plugin.js';
import { Project } from './project.js';

/** The plugin for esbuild. */
const asyncGenHooks = (options?: Options): Plugin => {
  const resolved = resolveOptions(options);
  return {
    name: NAME,
    setup(build) {
      // One of its own for each build: builds at the same time may have other roots.
      return setupEsbuild(build, new Project(resolved, build.initialOptions.absWorkingDir));
    },
  };
};
export default asyncGenHooks;
