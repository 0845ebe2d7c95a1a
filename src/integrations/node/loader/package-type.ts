import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { readOwn } from '../../../messages.js';

/** `unambiguous`: as the text says, whatever its file is called. */
export type SourceType = 'module' | 'commonjs' | 'unambiguous' | undefined;

/** By Node's name for a format: what the text is. Types are Node's to strip, after us. */
export const FORMATS: ReadonlyMap<string, SourceType> = new Map([
  ['module', 'module'],
  ['module-typescript', 'module'],
  ['commonjs', 'commonjs'],
  ['commonjs-typescript', 'commonjs'],
  // Required, and no package.json says what it is.
  ['typescript', 'unambiguous'],
]);

/** What package.json says of a `.js` or `.ts` file: a module need not show by its text that it is one. */
export function typeOf(file: string): SourceType {
  if (!['.js', '.ts', '.jsx', '.tsx'].includes(extname(file))) return undefined;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    let type = types.get(folder);
    if (type === undefined) types.set(folder, (type = readType(folder)));
    if (type !== 'none') return type === 'module' || type === 'commonjs' ? type : undefined;
    if (dirname(folder) === folder) return undefined;
  }
}

/** By folder: the `type` of its package.json; `none` where there is no such file. */
const types = new Map<string, string>();

function readType(folder: string): string {
  try {
    const text = readFileSync(join(folder, 'package.json'), 'utf8');
    return (readOwn(JSON.parse(text) as object, 'type') as string | undefined) ?? 'unknown';
  } catch {
    return 'none';
  }
}
