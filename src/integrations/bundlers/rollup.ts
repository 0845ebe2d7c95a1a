import type { Plugin } from 'rollup';
import type { Options } from './options.js';
import { unplugin } from './plugin.js';

/** The plugin for Rollup. */
const asyncGenHooks: (options?: Options) => Plugin = unplugin.rollup;
export default asyncGenHooks;
