import { readOwn } from '../../../messages.js';
import {
  resolveFileOptions,
  type FileOptions,
  type ResolvedFileOptions,
} from '../../files/options.js';

/** Options of `asyncgen-hooks/register` and of the command. */
export interface Options extends FileOptions {
  /** For the runners of tests, which check them. */
  tests?: object;
}

export interface ResolvedOptions extends ResolvedFileOptions {
  readonly tests: unknown;
}

/**
 * Checks the options once and fills in the defaults.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, naming the option, what it got and what it takes.
 */
export const resolveOptions = (given: unknown): ResolvedOptions => {
  const resolved = resolveFileOptions('node', given, ['tests']);
  return { ...resolved, tests: readOwn(given as object, 'tests') };
};
