import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

/**
 * @param {string} [folder] of a build; the one of this checkout by default
 * @returns {string} its URL, with a slash at the end; ends the process if there is none
 */
export function findDist(folder) {
  const dist = folder
    ? pathToFileURL(`${folder}/`).href
    : new URL('../../dist/', import.meta.url).href;
  if (existsSync(new URL('shim.mjs', dist))) return dist;
  console.error(
    'asyncgen-hooks/benchmarks: the build, there is no shim.mjs. Run `npm run build` first.',
  );
  process.exit(2);
}
