/** Where the shim lies that compiled code imports. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SHIM_MODULE } from '../constants.js';

/** In the built package, this file is a part of others that lie beside the shim. */
const beside = (name: string): URL => new URL(name, import.meta.url);

/** The folder of the built package. */
export const OWN_FOLDER = fileURLToPath(beside('./'));

/** What files that Node loads import or require: the program need not have this package installed. */
export const SHIM_URL = beside('./shim.mjs').href;
export const SHIM_PATH = fileURLToPath(beside('./shim.cjs'));

/** What bundlers take, for modules that cannot reach it by its name. */
export const SHIM_FILE = fileURLToPath(beside('./shim.mjs'));

export const isShim = new RegExp(`^${SHIM_MODULE}$`);

/** Whether Node finds the shim by its name from a file. In a strict `node_modules` it may not. */
export function reachesShim(from: string): boolean {
  try {
    createRequire(from).resolve(SHIM_MODULE);
    return true;
  } catch {
    return false;
  }
}

/** The same for the files of a folder. */
export const folderReachesShim = (folder: string): boolean =>
  reachesShim(join(folder, 'package.json'));

/** Whether Node was given this text by us. */
export const importsOwnShim = (code: string): boolean =>
  code.includes(SHIM_URL) || code.includes(JSON.stringify(SHIM_PATH));

/** Whether a compiler of whichever copy may have been here: they write its name, or a path that ends in it. */
export const mayImportShim = (code: string): boolean =>
  /asyncgen-hooks[\\/](?:dist[\\/])?shim\b/.test(code);
