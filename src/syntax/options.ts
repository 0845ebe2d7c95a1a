import { SHIM_MODULE } from '../constants.js';
import { show } from '../messages.js';
import { checkNames, optionError } from '../options.js';

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
const SUBJECT = 'babel:';

/**
 * Checks the options once and fills in the defaults.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, naming the option, what it got and what it takes.
 */
export function resolveOptions(given: unknown): ResolvedOptions {
  const options = checkNames<Options>(SUBJECT, given, NAMES);
  const { importSource = DEFAULTS.importSource, locations = DEFAULTS.locations } = options;
  if (typeof importSource !== 'string' || importSource === '') {
    throw optionError(
      SUBJECT,
      `option "importSource" is ${show(importSource)}. Pass the name of a module, a non-empty string.`,
    );
  }
  if (typeof locations !== 'boolean') {
    throw optionError(SUBJECT, `option "locations" is ${show(locations)}. Pass true or false.`);
  }
  return { importSource, locations };
}
