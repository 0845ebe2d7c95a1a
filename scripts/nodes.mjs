import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What npm has of other Nodes is installed with the loaders of the table. */
export const loaders = fileURLToPath(new URL('loader-table', import.meta.url));

/**
 * By their versions: the file of each other Node that is there, and the names of those that are not.
 * @param wanted how a version begins.
 */
export function findNodes(wanted) {
  const { optionalDependencies } = JSON.parse(readFileSync(join(loaders, 'package.json'), 'utf8'));
  const nodes = new Map();
  const missing = [];
  for (const [name, range] of Object.entries(optionalDependencies)) {
    const version = range.split('@').at(-1);
    const file = join(loaders, 'node_modules', name, 'bin/node');
    if (wanted !== undefined && !version.startsWith(wanted)) continue;
    if (existsSync(file)) nodes.set(version, file);
    else missing.push(`Node ${version}`);
  }
  return { nodes, missing };
}
