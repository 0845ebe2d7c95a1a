import { lstatSync, mkdirSync, statSync, type Stats } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const user = process.getuid?.();

/**
 * Makes the folder that the cache of the program in `cwd` is kept in: in the `node_modules` in or
 * above it, else among the temporary files. What is run from there has to be our own, so a place
 * that others may write to is passed over.
 *
 * @returns `undefined` if there is none.
 */
export function cacheFolder(cwd: string): string | undefined {
  return inModules(cwd) ?? inTemporaryFiles();
}

function inModules(cwd: string): string | undefined {
  const modules = findModules(cwd);
  if (modules === undefined) return undefined;
  const shared = join(modules, '.cache');
  return isTrusted(modules) && isTrusted(shared) ? own(join(shared, 'asyncgen-hooks')) : undefined;
}

function findModules(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (look(statSync, modules) !== undefined) return modules;
    if (dirname(folder) === folder) return undefined;
  }
}

function inTemporaryFiles(): string | undefined {
  const { tmpdir } = createRequire(import.meta.url)('node:os') as typeof import('node:os');
  return own(join(tmpdir(), `asyncgen-hooks-cache-${user ?? 'user'}`));
}

/** Whoever may write to such a folder may change the program anyway; one that is not there is none's. */
function isTrusted(folder: string): boolean {
  const stats = look(statSync, folder);
  if (user === undefined || stats === undefined) return true;
  return (stats.uid === user || stats.uid === 0) && (stats.mode & 0o002) === 0;
}

/** @returns the folder, made if it was not there, if nobody else can have put anything into it. */
function own(folder: string): string | undefined {
  const stats = look(lstatSync, folder) ?? made(folder);
  if (!stats?.isDirectory()) return undefined;
  const isOwn = user === undefined || (stats.uid === user && (stats.mode & 0o022) === 0);
  return isOwn ? folder : undefined;
}

function made(folder: string): Stats | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    return undefined;
  }
  return look(lstatSync, folder);
}

function look(stat: typeof statSync, path: string): Stats | undefined {
  try {
    return stat(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
