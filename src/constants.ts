/** What compile time and run time have to agree on. Beside this they share messages.ts alone. */

/** The module that compiled code imports; the default of the plugin's `importSource`. */
export const SHIM_MODULE = 'asyncgen-hooks/shim';

/**
 * Key of the record on `globalThis`. The number is the format of that record: copies of the
 * package that agree on it share their hooks, whatever their versions.
 */
export const REGISTRY_KEY = 'asyncgen-hooks/1';
