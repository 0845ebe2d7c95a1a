import type { PluginBuild } from 'esbuild';
import { createUnplugin, type UnpluginOptions } from 'unplugin';
import { setupEsbuild } from './esbuild-setup.js';
import { fileOf } from './ids.js';
import { resolveOptions, type Options } from './options.js';
import { Project } from './project.js';
import { rollupHooks } from './rollup-hooks.js';
import { transformHook } from './transform.js';
import { viteHooks } from './vite-hooks.js';
import { applyToWebpack, typeInWebpack, unmarked } from './webpack-hooks.js';

/** What all faces stand on. */
export const unplugin = createUnplugin<Options | undefined, false>((given, { framework }) => {
  const options = resolveOptions(given);
  const name = 'asyncgen-hooks';
  if (framework === 'esbuild') {
    const setup = (build: PluginBuild): void => {
      // One of its own for each build: builds at the same time may have other roots.
      setupEsbuild(build, new Project(options, build.initialOptions.absWorkingDir));
    };
    return { name, esbuild: { setup } };
  }
  const project = new Project(options);
  const { filter, handler } = transformHook(project);
  const plugin: UnpluginOptions = {
    name,
    enforce: 'pre',
    transform: {
      filter,
      handler(code, id, ...[meta]: [{ moduleType: string }?]) {
        const moduleType = typeInWebpack(this);
        if (moduleType === undefined) return handler.call(this, code, id, meta);
        const compiled = handler.call(this, code, id, { moduleType }, unmarked(moduleType));
        // webpack makes its own names out of absolute files only.
        if (compiled) compiled.map.sources = [fileOf(id)];
        return compiled;
      },
    },
    vite: viteHooks(project),
    rollup: rollupHooks(project),
    rolldown: rollupHooks(project),
    webpack: (compiler) => applyToWebpack(compiler, project),
    rspack: (compiler) => applyToWebpack(compiler, project),
  };
  return plugin;
});
