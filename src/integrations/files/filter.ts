import { isAbsolute, posix } from 'node:path';
import type { Pattern } from './options.js';

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
      const globs = expandParents(slashed(pattern)).map((glob) => {
        const isWhole = isAbsolute(glob) || glob.startsWith('**');
        return isWhole ? posix.normalize(glob) : posix.join(base, glob);
      });
      return makeMatch()(globs, { dot: true });
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

/**
 * Writes out the braces of a glob, `{src,../b}/*` as `src/*` and `../b/*`, if it has a `..`: a path
 * that is matched has none, and what resolves a path would resolve the `..` as if the braces were a folder's name.
 */
export function expandParents(glob: string): string[] {
  if (!/(?:^|[/{,])\.\.(?:[/},]|$)/.test(glob)) return [glob];
  const start = glob.search(/(?<!\$)\{/);
  if (start < 0) return [glob];
  const parts: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let at = start; at < glob.length; at++) {
    const letter = glob[at]!;
    if (letter === '{') depth++;
    if (depth === 1 && (letter === ',' || letter === '}')) {
      parts.push(glob.slice(from, at));
      from = at + 1;
    }
    if (letter !== '}' || --depth > 0) continue;
    const [before, after] = [glob.slice(0, start), glob.slice(at + 1)];
    return parts.flatMap((part) => expandParents(before + part + after));
  }
  return [glob];
}

/** Where pnpm keeps a dependency; `node_modules/name` is a link to it, which nobody sees once it is loaded. */
const PNPM = /\/\.pnpm\/[^/]+\/node_modules\//;

const slashed = (path: string): string => path.replaceAll('\\', '/');
