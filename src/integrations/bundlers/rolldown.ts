import type { Plugin } from 'rolldown';
import type { Options } from './options.js';
import { makePlugin } from './plugin.js';
import { rollupHooks } from './rollup-hooks.js';

/** The plugin for Rolldown. */
const asyncGenHooks = (options?: Options): Plugin => makePlugin(options, rollupHooks) as Plugin;
export default asyncGenHooks;
