import { SHIM_MODULE } from '../constants.js';
import { suggest } from '../messages.js';

/** Options of the Babel plugin. */
export interface Options {
  /**
   * The module that compiled code imports the runtime from.
   * @default 'asyncgen-hooks/shim'
   */
  importSource?: string;
  /**
   * Whether file, line and column of each generator function stand in the output; without them
   * hooks see names only.
   * @default true
   */
  locations?: boolean;
}

export type ResolvedOptions = Required<Options>;

const DEFAULTS: ResolvedOptions = { importSource: SHIM_MODULE, locations: true };
const NAMES = Object.keys(DEFAULTS);

/**
 * Checks the options once and fills in the defaults.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, naming the option, what it got and what it takes.
 */
export function resolveOptions(given: unknown): ResolvedOptions {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid(`options, they are ${JSON.stringify(given)}. Pass an object.`);
  }
  for (const name of Object.keys(given)) {
    if (NAMES.includes(name)) continue;
    throw invalid(
      `option "${name}", there is none of that name. ${suggest(name, NAMES, 'options')}`,
    );
  }
  const { importSource = DEFAULTS.importSource, locations = DEFAULTS.locations } = given as Options;
  if (typeof importSource !== 'string' || importSource === '') {
    throw invalid(
      `option "importSource", it is ${JSON.stringify(importSource)}. Pass the name of a module, a non-empty string.`,
    );
  }
  if (typeof locations !== 'boolean') {
    throw invalid(`option "locations", it is ${JSON.stringify(locations)}. Pass true or false.`);
  }
  return { importSource, locations };
}

const invalid = (text: string): TypeError =>
  Object.assign(new TypeError(`asyncgen-hooks/babel: ${text}`), { code: 'ERR_ASYNCGEN_OPTION' });
