import type { WebpackPluginInstance } from 'webpack';
import type { Options } from './options.js';
import { unplugin } from './plugin.js';
import { checkVersion } from './versions.js';

/** The plugin for webpack. */
const asyncGenHooks = (options?: Options): WebpackPluginInstance => {
  const plugin = unplugin.webpack(options);
  return {
    apply(compiler) {
      const { webpack } = compiler as { webpack?: { version?: string } };
      checkVersion('webpack', webpack?.version);
      plugin.apply(compiler);
    },
  };
};
export default asyncGenHooks;
