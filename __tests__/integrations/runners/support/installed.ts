import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import { packageRoot } from '../../../environments/support/project.js';

/** Where packages are that only tests of the runners need, by the folder that installs them. */
const FOLDERS = {
  runners: join(packageRoot, '__tests__/runner-versions/node_modules'),
  swc: join(packageRoot, '__tests__/swc-versions/node_modules'),
};

/** @returns the folder of a package, whether it is installed or not. */
export const installed = (name: string, where: keyof typeof FOLDERS = 'runners'): string =>
  join(FOLDERS[where], name);

/** As `describe`, where all of the packages are installed; elsewhere it says how to install them. */
export function describeInstalled(
  title: string,
  packages: readonly string[],
  tests: () => void,
): void {
  const missing = packages.find((folder) => !existsSync(folder));
  if (missing === undefined || process.env['CI']) return describe(title, tests);
  const folder = missing.slice(packageRoot.length + 1, missing.indexOf('/node_modules'));
  console.warn(
    `runners: ${title}, ${missing.slice(missing.lastIndexOf('node_modules/') + 13)} is not installed, and its tests are ` +
      `skipped. Run node scripts/install-packages.mjs ${folder}.`,
  );
  describe.skip(title, tests);
}
