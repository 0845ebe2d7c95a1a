import type { Plugin } from 'vite';
import type { Options } from './options.js';
import { makePlugin } from './plugin.js';
import { viteHooks } from './vite-hooks.js';

/** The plugin for Vite. */
const asyncGenHooks = (options?: Options): Plugin => makePlugin(options, viteHooks) as Plugin;
export default asyncGenHooks;
