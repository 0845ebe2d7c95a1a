import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sourceMapComment } from '../../compiler/source-map-comment.js';
import { cacheFolder } from './cache-folder.js';

/** What was made of a file: `code` is empty if there was nothing to do. */
export interface Made {
  readonly code: string;
  readonly map: object | undefined;
}

/**
 * Keeps on disk what was made of files, the newest for each name. Whatever goes wrong with the disk,
 * it only forgets: a broken entry is as good as none.
 */
export interface Cache {
  /**
   * @param source what it has to be made of.
   * @returns the code, with the place of its map.
   */
  get(name: string, source: string): string | undefined;
  set(name: string, source: string, made: Made): void;
}

/**
 * The cache of the program in `cwd`.
 *
 * An entry holds its source, to be compared, so no hash has to be strong: `node:crypto` takes 13 ms
 * to load, as much as all else that is done before a program starts. The map stands in a file of its
 * own, since Node looks at each character of a module that names a map (0.5 ms for an inline one).
 * The code stands there twice, to find what broke: a checksum, in JavaScript, takes 0.2 ms.
 */
export function openCache(cwd: string): Cache {
  let folder: string | false | undefined;
  let isBroken = false;
  const pathOf = (name: string): string | undefined => {
    folder ??= cacheFolder(cwd) ?? false;
    const label = basename(name)
      .replace(/[^\w.-]/g, '_')
      .slice(-40);
    return folder === false ? undefined : join(folder, `${label}-${hash(name)}`);
  };

  const write = (path: string, text: string): void => {
    // Other processes and threads see the whole file or none.
    const part = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    writeFileSync(part, text);
    renameSync(part, path);
  };

  return {
    get(name, source) {
      const path = pathOf(name);
      if (path === undefined) return undefined;
      try {
        const entry = readFileSync(path, 'utf8');
        const head = headOf(name, source);
        if (!entry.startsWith(head)) return undefined;
        const code = entry.slice(head.length, (head.length + entry.length) / 2);
        if (entry !== head + code + code) return undefined;
        return code === '' || existsSync(`${path}.map`) ? withMap(code, path) : undefined;
      } catch {
        return undefined;
      }
    },
    set(name, source, { code, map }) {
      const path = pathOf(name);
      if (isBroken || path === undefined) return;
      try {
        if (map !== undefined) write(`${path}.map`, JSON.stringify(map));
        write(path, headOf(name, source) + code + code);
      } catch {
        isBroken = true;
      }
    },
  };
}

/** Node takes a path for one; a file: URL it does not know. */
const withMap = (code: string, path: string): string =>
  code && `${code}\n${sourceMapComment(pathToFileURL(`${path}.map`).pathname)}\n`;

const headOf = (name: string, source: string): string => `${name}\n${source}\n`;

/** FNV-1a, twice. */
function hash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
  }
  return `${(a >>> 0).toString(16)}${(b >>> 0).toString(16)}`;
}
