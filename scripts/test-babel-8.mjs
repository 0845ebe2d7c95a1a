/** Runs the suite with Babel 8, on this Node if Babel 8 runs on it, else on one from npm. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const installed = path('__tests__/babel-8/node_modules/node-24/bin/node');
const [major, minor] = process.versions.node.split('.').map(Number);
const isNewEnough = (major === 22 && minor >= 18) || (major === 24 && minor >= 11) || major > 24;
if (!isNewEnough && !existsSync(installed)) {
  console.error(
    `test:babel8: Node ${process.versions.node}, Babel 8 does not run on it. Use Node 22.18, 24.11 or newer.`,
  );
  process.exit(1);
}
const { status } = spawnSync(
  existsSync(installed) ? installed : process.execPath,
  [path('node_modules/jest/bin/jest.js'), ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, BABEL: '8' } },
);
process.exit(status ?? 1);
