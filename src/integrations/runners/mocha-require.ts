import { install } from '../node/loader/install.js';

export { mochaGlobalSetup, mochaHooks } from './mocha.js';

/** Where it takes time: settles when modules are compiled. */
export const ready = install()?.();
