import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Keeps texts on disk, each under a key. Whatever goes wrong with the disk, it only forgets: a
 * broken entry is as good as none.
 */
export interface Cache {
  get(key: string): string | undefined;
  set(key: string, text: string): void;
}

export const hash = (...parts: string[]): string => {
  const sum = createHash('sha1');
  for (const part of parts) sum.update(`${part.length}:`).update(part);
  return sum.digest('hex');
};

/** The cache of the program in `cwd`: in its `node_modules`, else in the folder for temporary files. */
export function openCache(cwd: string): Cache {
  let folder: string | undefined;
  let isBroken = false;
  const open = (): string => (folder ??= cacheFolder(cwd));
  return {
    get(key) {
      try {
        const text = readFileSync(join(open(), key), 'utf8');
        const sum = text.slice(0, SUM);
        const rest = text.slice(SUM);
        return hash(rest) === sum ? rest : undefined;
      } catch {
        return undefined;
      }
    },
    set(key, text) {
      if (isBroken) return;
      try {
        mkdirSync(open(), { recursive: true, mode: 0o700 });
        // Other processes and threads see the whole entry or none.
        const whole = join(open(), key);
        const part = `${whole}.${process.pid}.${Math.random().toString(36).slice(2)}`;
        writeFileSync(part, hash(text) + text);
        renameSync(part, whole);
      } catch {
        isBroken = true;
      }
    },
  };
}

const SUM = hash('').length;

function cacheFolder(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const modules = join(folder, 'node_modules');
    if (existsSync(modules)) return join(modules, '.cache', 'asyncgen-hooks');
    if (dirname(folder) === folder) break;
  }
  const user = process.getuid?.();
  const folder = join(tmpdir(), `asyncgen-hooks-cache-${user ?? 'user'}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // What is run from a folder that all may write to has to be our own.
  const { uid, mode } = statSync(folder);
  if (user !== undefined && (uid !== user || (mode & 0o022) !== 0))
    throw new Error(`${folder} belongs to somebody else`);
  return folder;
}
