import type { Plugin } from 'vite';
import type { Options } from './options.js';
import { unplugin } from './plugin.js';

/** The plugin for Vite. */
const asyncGenHooks: (options?: Options) => Plugin = unplugin.vite;
export default asyncGenHooks;
