import type { Plugin } from 'rolldown';
import type { Options } from './options.js';
import { unplugin } from './plugin.js';

/** The plugin for Rolldown. */
const asyncGenHooks: (options?: Options) => Plugin = unplugin.rolldown;
export default asyncGenHooks;
