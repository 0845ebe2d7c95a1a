import type { RspackPluginInstance } from '@rspack/core';
import type { Options } from './options.js';
import { unplugin } from './plugin.js';
import { checkVersion } from './versions.js';

/** The plugin for Rspack. */
const asyncGenHooks = (options?: Options): RspackPluginInstance => {
  const plugin = unplugin.rspack(options);
  return {
    apply(compiler) {
      const { rspack } = compiler as { rspack?: { rspackVersion?: string; version?: string } };
      checkVersion('Rspack', rspack?.rspackVersion ?? rspack?.version);
      plugin.apply(compiler);
    },
  };
};
export default asyncGenHooks;
