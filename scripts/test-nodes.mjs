/**
 * Runs the command's tests on other Nodes, as far as versions differ: how files are loaded, how processes and threads
 * end, what V8's inspector tells. `npm test` runs them on the Node that it is started with.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installPackages } from './install-packages.mjs';
import { findNodes, loaders } from './nodes.mjs';
import { readArguments, runCommand } from './usage.mjs';

const HELP = `Usage: npm run test:nodes -- [--node <version>]`;
const TESTS =
  '__tests__/integrations/node/(?:cli|disk|exit-code|live|loaders|odd-programs|processes|programs|ps|register|signal)\\.';
const jest = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));

async function main() {
  const { values } = readArguments({ node: { type: 'string' } });
  if (values.help) return console.log(HELP);
  installPackages(loaders);
  const { nodes, missing } = findNodes(values.node);
  const failed = [];
  for (const [version, file] of nodes) {
    if (version === process.versions.node) continue;
    console.log(`--- Node ${version}`);
    const { status } = spawnSync(file, [jest, '--testPathPatterns', TESTS], { stdio: 'inherit' });
    if (status !== 0) failed.push(version);
  }
  if (missing.length > 0) console.log(`Skipped, not installed: ${missing.join(', ')}.`);
  console.log(failed.length > 0 ? `Failed on Node ${failed.join(', ')}.` : 'Passed on each.');
  if (failed.length > 0) process.exitCode = 1;
}

runCommand('test:nodes', main);
