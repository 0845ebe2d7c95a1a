/** What compiled code imports. Not for hand-written code: its shape follows the plugin's version. */
export { enter } from './body.js';
export { apply, call, decorate, define, fn, key, method, same, wrap } from './functions.js';
