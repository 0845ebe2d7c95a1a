import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { requireBabel } from '../helpers/babel.js';
import { readmeFile } from '../helpers/readme.js';
import { packageRoot, Project, PUBLISHED } from './support/project.js';
import { LEAKS, leaksTest } from './support/programs.js';

test('Vitest: with the setup of the README, the test fails that leaves a generator open', async () => {
  using project = new Project({
    'vitest.config.mjs': readmeFile('Lifecycle', 'vitest.config.mjs'),
    'no-leaks.js': readmeFile('Lifecycle', 'no-leaks.js'),
    'leaks.test.js': leaksTest('vitest'),
  })
    .install('asyncgen-hooks', packageRoot, PUBLISHED)
    .link('@babel/core', dirname(requireBabel.resolve('@babel/core/package.json')))
    .link('vite', join(packageRoot, 'node_modules/vite'))
    .link('vitest', join(packageRoot, 'node_modules/vitest'));
  const { stdout } = await project.run(
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=json',
    '--no-cache',
  );
  const [{ assertionResults }] = JSON.parse(stdout).testResults;
  expect(assertionResults).toMatchObject(LEAKS);
});
