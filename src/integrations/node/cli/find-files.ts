import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path';
import picomatch from 'picomatch';
import { glob } from 'tinyglobby';
import { expandParents } from '../../files/filter.js';

export interface Found {
  /** The folder below which each file keeps its place. */
  readonly base: string;
  /** Absolute, sorted. */
  readonly files: readonly string[];
  /** Links that lead out of `base`, or to nowhere. */
  readonly strays: readonly string[];
}

const IGNORED = ['**/node_modules/**', '**/.git/**'];

/** The files that an argument means: a file, a folder or a glob. */
export async function findFiles(given: string): Promise<Found> {
  const path = resolve(given);
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFile()) return { base: dirname(path), files: [path], strays: [] };
  if (stats?.isDirectory()) return search(path, ['**']);
  // `..` inside of braces or behind a star is part of the glob, and `resolve` would take it for one of a path.
  const globs = expandParents(given.replaceAll('\\', '/')).map((each) => posix.normalize(each));
  const bases = globs.map((each) => resolve(picomatch.scan(each).base));
  let base = resolve(picomatch.scan(given).base);
  while (!bases.every((each) => isInside(each, base))) base = dirname(base);
  const patterns = globs.map((each) => relative(base, resolve(each)).replaceAll('\\', '/'));
  return search(base, patterns);
}

/** Whether a path is a folder itself, or in it. */
export const isInside = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);

async function search(base: string, patterns: string[]): Promise<Found> {
  const strays: string[] = [];
  const root = await realpath(base).catch(() => base);
  const list = async (folder: string): Promise<Entry[]> => {
    const entries = await readdir(folder, { withFileTypes: true });
    const seen = entries.map((entry) => {
      return entry.isSymbolicLink() ? follow(join(folder, entry.name), base, root, strays) : entry;
    });
    return (await Promise.all(seen)).filter((entry) => entry !== undefined);
  };
  const names = await glob(patterns, {
    cwd: base,
    dot: true,
    expandDirectories: false,
    ignore: IGNORED,
    // `list` follows them. tinyglobby gives what is behind a link the name that it has there, and
    // follows it to any place.
    followSymbolicLinks: false,
    fs: {
      readdir: ((folder: string, _: unknown, done: (error: unknown, entries?: Entry[]) => void) =>
        void list(folder).then((entries) => done(null, entries), done)) as never,
    },
  });
  return { base, files: names.sort().map((name) => join(base, name)), strays: strays.sort() };
}

interface Entry {
  readonly name: string;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** What stands behind a link, under the link's own name; `undefined` if it is not to be followed. */
async function follow(
  link: string,
  base: string,
  root: string,
  strays: string[],
): Promise<Entry | undefined> {
  const target = await realpath(link).catch(() => undefined);
  if (target === undefined || !isInside(target, root)) {
    strays.push(link);
    return undefined;
  }
  const stats = await stat(target);
  if (stats.isDirectory() && (await isOnTheWay(target, dirname(link), base))) return undefined;
  return {
    name: basename(link),
    isFile: () => stats.isFile(),
    isDirectory: () => stats.isDirectory(),
    isSymbolicLink: () => false,
  };
}

/** Whether the way from `base` to `folder` went through `target` already: links may go in circles. */
async function isOnTheWay(target: string, folder: string, base: string): Promise<boolean> {
  for (let at = folder; isInside(at, base); at = dirname(at)) {
    if (isInside(await realpath(at), target)) return true;
    if (at === base) return false;
  }
  return false;
}
