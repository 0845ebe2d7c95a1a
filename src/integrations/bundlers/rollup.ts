import type { Plugin } from 'rollup';
import type { Options } from './options.js';
import { makePlugin } from './plugin.js';
import { rollupHooks } from './rollup-hooks.js';

/** The plugin for Rollup. */
const asyncGenHooks = (options?: Options): Plugin => makePlugin(options, rollupHooks) as Plugin;
export default asyncGenHooks;
