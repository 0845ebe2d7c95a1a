import { isAbsolute, posix } from 'node:path';
import type { Pattern } from './files.js';

interface Patterns {
  /** None, or an empty list: all files. */
  readonly include: readonly Pattern[] | undefined;
  readonly exclude: readonly Pattern[];
}

/**
 * Which files are compiled: in bundlers and in Node by the same rules, those of Rollup's plugins. A
 * glob is relative to `root`, unless it is absolute or begins with `**`.
 *
 * @param makeMatch picomatch, loaded only if there is a glob.
 * @returns whether a file, given by its absolute path, is to be compiled.
 */
export function createFilter(
  { include, exclude }: Patterns,
  root: string,
  makeMatch: () => typeof import('picomatch'),
): (file: string) => boolean {
  // The folder is no glob, whatever its name: `app (copy)`, `[drafts]`.
  const base = slashed(root).replace(/[$^*+?.()[\]{}|!@,]/g, '\\$&');
  const matcher = (list: readonly Pattern[]): ((path: string) => boolean) => {
    const tests = list.map((pattern) => {
      if (typeof pattern !== 'string') return (path: string) => pattern.test(path);
      const isWhole = isAbsolute(pattern) || pattern.startsWith('**');
      const glob = isWhole ? slashed(pattern) : posix.join(base, slashed(pattern));
      return makeMatch()(glob, { dot: true });
    });
    return (path) => {
      const linked = path.replace(PNPM, '/');
      return tests.some((test) => test(path) || (linked !== path && test(linked)));
    };
  };
  const included = include?.length ? matcher(include) : () => true;
  const excluded = matcher(exclude);
  return (file) => {
    const path = slashed(file);
    return !excluded(path) && included(path);
  };
}

/** Where pnpm keeps a dependency; `node_modules/name` is a link to it, which nobody sees once it is loaded. */
const PNPM = /\/\.pnpm\/[^/]+\/node_modules\//;

const slashed = (path: string): string => path.replaceAll('\\', '/');
