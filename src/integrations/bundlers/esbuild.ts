import type { Plugin } from 'esbuild';
import type { Options } from './options.js';
import { unplugin } from './plugin.js';

/** The plugin for esbuild. */
const asyncGenHooks: (options?: Options) => Plugin = unplugin.esbuild;
export default asyncGenHooks;
