import type { Compiler, RspackPluginInstance } from '@rspack/core';
import { resolveOptions, type Options } from './options.js';
import { checkVersion } from './versions.js';
import { applyToWebpack } from './webpack-hooks.js';

/** The plugin for Rspack. */
const asyncGenHooks = (options: Options = {}): RspackPluginInstance => {
  const resolved = resolveOptions(options);
  return {
    apply(compiler: Compiler) {
      const { rspack } = compiler as { rspack?: { rspackVersion?: string; version?: string } };
      checkVersion('Rspack', rspack?.rspackVersion ?? rspack?.version);
      applyToWebpack(compiler as never, options, resolved);
    },
  };
};
export default asyncGenHooks;
