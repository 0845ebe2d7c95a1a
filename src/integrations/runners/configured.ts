import process from 'node:process';
import { loadOptions } from '../node/loader/config.js';
import { resolveTestOptions } from './options.js';
import { FileWatch } from './watch.js';

/**
 * Watches from now on, with the options that the project's configuration has under `tests`.
 *
 * @param who what the generators belong to that no test began; "the file" if left out.
 */
export function watchAsConfigured(who?: string): FileWatch {
  const root = process.cwd();
  return new FileWatch(resolveTestOptions(loadOptions(root).tests), { root }, who);
}
