/** `node scripts/install-packages.mjs <folder>`: installs what a folder of tests or tables names, in the versions of its lock file. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Does nothing where the packages of the lock file are there already.
 *
 * No `npm ci`: it refuses a lock file without the packages of other platforms, and npm leaves those out of the lock file
 * where a registry does not have them.
 */
export function installPackages(folder) {
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const mark = join(folder, 'node_modules/.lock-of-the-last-install');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lock) return;
  const { status } = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`${folder}, npm could not install its packages. See above.`);
  writeFileSync(mark, lock);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) installPackages(resolve(process.argv[2]));
