import { install } from '../node/loader/install.js';
import { watchNodeTests, watcher } from './node-test.js';

/** Where it takes time: settles when modules are compiled. */
export const ready = install({ watcher })?.();

watchNodeTests();
