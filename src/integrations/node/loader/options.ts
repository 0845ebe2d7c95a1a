import { readOwn, show } from '../../../messages.js';
import { optionError } from '../../../options.js';
import {
  resolveFileOptions,
  type FileOptions,
  type ResolvedFileOptions,
} from '../../compiler/files.js';

/** Options of `asyncgen-hooks/register` and of the command. */
export interface Options extends FileOptions {
  /**
   * Whether compiled files are kept on disk for the next run.
   * @default true
   */
  cache?: boolean;
}

export interface ResolvedOptions extends ResolvedFileOptions {
  readonly cache: boolean;
}

/**
 * Checks the options once and fills in the defaults.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, naming the option, what it got and what it takes.
 */
export function resolveOptions(given: unknown): ResolvedOptions {
  const resolved = resolveFileOptions('node', given, ['cache']);
  const { cache = true } = { cache: readOwn(given as Options, 'cache') };
  if (typeof cache !== 'boolean') {
    throw optionError('node:', `option "cache", it is ${show(cache)}. Pass true or false.`);
  }
  return { ...resolved, cache };
}
