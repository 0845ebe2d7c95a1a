import { existsSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
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
 * An entry is two lines and three texts:
 *
 *     the name of its map
 *     the lengths of the name, of the source and of the code
 *     name, source, code, code
 *
 * By the lengths it can be read in one way only. It holds its source, to be compared, so no hash has to be strong: `node:crypto` takes 13 ms
 * to load, as much as all else that is done before a program starts. The map stands in a file of its
 * own, since Node looks at each character of a module that names a map (0.5 ms for an inline one);
 * its name is that of the source it belongs to, so that no entry finds another one's.
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

  return {
    get(name, source) {
      const path = pathOf(name);
      if (path === undefined) return undefined;
      const entry = read(path);
      if (entry === undefined) return undefined;
      const code = codeOf(entry, name, source);
      if (code === undefined || code === '') return code;
      const map = mapOf(path, entry);
      return existsSync(map)
        ? `${code}\n${sourceMapComment(pathToFileURL(map).pathname)}\n`
        : undefined;
    },
    set(name, source, { code, map }) {
      const path = pathOf(name);
      if (isBroken || path === undefined) return;
      // What cannot be written in UTF-8 would be read as another text.
      if (![name, source, code].every(isWellFormed)) return;
      const before = read(path);
      const entry = entryOf(name, source, code);
      const mapFile = mapOf(path, entry);
      try {
        if (map !== undefined) write(mapFile, JSON.stringify(map));
        write(path, entry);
      } catch {
        // The disk is full, or not for us to write. Not a try for each file.
        isBroken = true;
        if (before === undefined || mapOf(path, before) !== mapFile) remove(mapFile);
        return;
      }
      if (before !== undefined && mapOf(path, before) !== mapFile) remove(mapOf(path, before));
    },
  };
}

function entryOf(name: string, source: string, code: string): string {
  const lengths = [name, source, code].map(({ length }) => length).join(' ');
  return `${hash(name + source)}\n${lengths}\n${name}${source}${code}${code}`;
}

/** @returns `undefined` if the entry is another one's, or broken. */
function codeOf(entry: string, name: string, source: string): string | undefined {
  const start = entry.indexOf('\n') + 1;
  const end = entry.indexOf('\n', start);
  const length = Number(entry.slice(start, end).split(' ')[2]);
  const at = end + 1 + name.length + source.length;
  const code = entry.slice(at, at + length);
  const rest = `${[name.length, source.length, length].join(' ')}\n${name}${source}${code}${code}`;
  return code.length === length && entry.slice(start) === rest ? code : undefined;
}

/** Only as a name of ours is: an entry may be broken. */
const mapOf = (path: string, entry: string): string =>
  `${path}.${entry.slice(0, entry.indexOf('\n')).replace(/[^\w]/g, '_').slice(0, 16)}.map`;

/** Other processes and threads see the whole file or none. */
function write(path: string, text: string): void {
  const part = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    writeFileSync(part, text);
    renameSync(part, path);
  } catch (error) {
    remove(part);
    throw error;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // It is not there.
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const isWellFormed = (text: string): boolean =>
  (text as unknown as { isWellFormed(): boolean }).isWellFormed();

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
