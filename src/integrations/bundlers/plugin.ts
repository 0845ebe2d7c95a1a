import type { PluginBuild } from 'esbuild';
import { createUnplugin, type UnpluginOptions } from 'unplugin';
import { setupEsbuild } from './esbuild-setup.js';
import { fileOf } from './ids.js';
import { resolveOptions, type Options } from './options.js';
import { Project } from './project.js';
import { rollupHooks } from './rollup-hooks.js';
import { transformFilter } from './transform.js';
import { viteHooks } from './vite-hooks.js';
import { applyToWebpack, unmarkedInWebpack } from './webpack-hooks.js';

/** What all faces stand on. */
export const unplugin = createUnplugin<Options | undefined, false>((given, { framework }) => {
  const project = new Project(resolveOptions(given));
  const name = 'asyncgen-hooks';
  if (framework === 'esbuild') {
    const setup = (build: PluginBuild): void => {
      project.root = build.initialOptions.absWorkingDir ?? process.cwd();
      setupEsbuild(build, project);
    };
    return { name, esbuild: { setup } };
  }
  const plugin: UnpluginOptions = {
    name,
    enforce: 'pre',
    buildStart: () => project.checkPeers(),
    transform: {
      filter: transformFilter(project),
      handler(code, id) {
        if (!project.includes(id)) return undefined;
        const inWebpack = unmarkedInWebpack(this);
        const source = { code, id, unmarked: inWebpack ?? 'module' };
        const compiled = project.compile(source, (warning) => this.warn(warning));
        // webpack makes its own names out of absolute files only.
        if (compiled && inWebpack) compiled.map.sources = [fileOf(id)];
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
