import module from 'node:module';
import type { InstallOptions } from './install.js';

/** Has ES modules compiled in the thread that Node keeps for loaders. */
export function hookModuleLoader(data: InstallOptions): void {
  module.register('./loader-thread.mjs', import.meta.url, { data });
}
