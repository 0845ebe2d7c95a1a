import {
  resolveFileOptions,
  type FileOptions,
  type ResolvedFileOptions,
} from '../../compiler/files.js';

/** Options of `asyncgen-hooks/register` and of the command. */
export type Options = FileOptions;

export type ResolvedOptions = ResolvedFileOptions;

/**
 * Checks the options once and fills in the defaults.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, naming the option, what it got and what it takes.
 */
export const resolveOptions = (given: unknown): ResolvedOptions =>
  resolveFileOptions('node', given);
