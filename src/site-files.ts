import { basename, dirname, isAbsolute, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Relative to `cwd` and with `/`: the output is the same on every machine. */
export function siteFile(filename: string | undefined, cwd: string | undefined): string {
  if (!filename) return 'unknown';
  const file = isAbsolute(filename) && cwd ? relative(cwd, filename) : filename;
  return (isAbsolute(file) ? basename(file) : file).replaceAll('\\', '/');
}

/** Sources are relative to the file that has the map. What is no path (`webpack:`) stays. */
export function sourceFile(
  source: string,
  filename: string | undefined,
  cwd: string | undefined,
): string {
  if (source.startsWith('file:')) return siteFile(fileURLToPath(source), cwd);
  if (/^[\w-]{2,}:/.test(source)) return source;
  const folder = filename && isAbsolute(filename) ? dirname(filename) : '';
  return siteFile(folder ? resolve(folder, source) : source, cwd);
}
