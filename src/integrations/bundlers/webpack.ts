import type { WebpackPluginInstance } from 'webpack';
import { resolveOptions, type Options } from './options.js';
import { checkVersion } from './versions.js';
import { applyToWebpack } from './webpack-hooks.js';

/** The plugin for webpack. */
const asyncGenHooks = (options: Options = {}): WebpackPluginInstance => {
  const resolved = resolveOptions(options);
  return {
    apply(compiler) {
      const { webpack } = compiler as { webpack?: { version?: string } };
      checkVersion('webpack', webpack?.version);
      applyToWebpack(compiler, options, resolved);
    },
  };
};
export default asyncGenHooks;
