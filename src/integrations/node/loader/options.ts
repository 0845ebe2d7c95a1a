import { isAbsolute, posix } from 'node:path';
import { optionError, show } from '../../../messages.js';
import {
  resolveFileOptions,
  type FileOptions,
  type Pattern,
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
  const { cache = true } = given as Options;
  if (typeof cache !== 'boolean') {
    throw optionError('node:', `option "cache", it is ${show(cache)}. Pass true or false.`);
  }
  return { ...resolved, cache };
}

/**
 * @param makeMatch picomatch, loaded only if there is a glob.
 * @returns whether a file, given by its absolute path, is to be compiled.
 */
export function createFilter(
  { include, exclude }: ResolvedOptions,
  cwd: string,
  makeMatch: () => typeof import('picomatch'),
): (file: string) => boolean {
  // The folder is no glob, whatever its name: `app (copy)`, `[drafts]`.
  const base = slashed(cwd).replace(/[$^*+?.()[\]{}|!@,]/g, '\\$&');
  const matcher = (list: readonly Pattern[]): ((path: string) => boolean) => {
    const tests = list.map((pattern) => {
      if (typeof pattern !== 'string') return (path: string) => pattern.test(path);
      const glob = isAbsolute(pattern) ? slashed(pattern) : posix.join(base, slashed(pattern));
      return makeMatch()(glob, { dot: true });
    });
    return (path) => tests.some((test) => test(path));
  };
  const included = include && matcher(include);
  const excluded = matcher(exclude);
  return (file) => {
    const path = slashed(file);
    return !excluded(path) && (included === undefined || included(path));
  };
}

const slashed = (path: string): string => path.replaceAll('\\', '/');
