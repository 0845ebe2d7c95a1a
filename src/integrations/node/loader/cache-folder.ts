import { mkdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { isOwnFolder, isTrusted } from '../../compiler/trust.js';

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
  return isTrusted(shared) ? own(shared, 'asyncgen-hooks') : undefined;
}

function findModules(cwd: string): string | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (isThere(modules)) return modules;
    if (dirname(folder) === folder) return undefined;
  }
}

function inTemporaryFiles(): string | undefined {
  const { tmpdir } = createRequire(import.meta.url)('node:os') as typeof import('node:os');
  const parent = tmpdir();
  const name = `asyncgen-hooks-cache-${process.geteuid?.() ?? 'user'}`;
  return isTrusted(parent) ? own(parent, name) : undefined;
}

/** @returns the folder, made if it was not there, if nobody else can have put anything into it. */
function own(parent: string, name: string): string | undefined {
  const folder = join(parent, name);
  try {
    // Other tools keep their caches beside it: the parent is made as anybody would make it.
    mkdirSync(parent, { recursive: true });
    mkdirSync(folder, { mode: 0o700 });
  } catch {
    // It is there, or cannot be.
  }
  return isOwnFolder(folder) ? folder : undefined;
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
