import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot, Project, PUBLISHED } from '../../environments/support/project.js';
import { requireBabel } from '../../helpers/babel.js';
import { rows } from './support/programs.js';

const tests = (head: string): string => `${head}
import { rows, stuck } from './rows.js';
import { allowOpenAsyncGens } from 'asyncgen-hooks/testing';
test('is clean', async () => {
  for await (const row of rows('clean')) break;
});
test('may leave its rows open', async () => {
  allowOpenAsyncGens();
  await rows('allowed').next();
});
test('leaves its rows open', async () => {
  await rows('left').next();
});
test('leaves a step that never settles', () => {
  void stuck().next();
});
`;

/** How often each test failed, in the order of the tests. */
const COUNTS = [0, 0, 1, 1];

test('Vitest: a second run in the same process starts clean', async () => {
  using project = new Project({
    'package.json': { type: 'module' },
    'rows.js': rows,
    'a.test.js': tests("import { test } from 'vitest';"),
    'watch.mjs': `import asyncGenHooks from 'asyncgen-hooks/vitest';
import { startVitest } from 'vitest/node';
const options = { watch: true, pool: 'threads', isolate: false, reporters: [{}] };
const vitest = await startVitest('test', [], options, { plugins: [asyncGenHooks()] });
const counts = () => vitest.state.getFiles()[0].tasks.map(({ result }) => result.errors?.length ?? 0);
const runs = [counts()];
await vitest.rerunFiles();
runs.push(counts());
await vitest.close();
console.log(JSON.stringify(runs));
process.exit(0);
`,
  });
  for (const name of ['vite', 'vitest'])
    project.link(name, join(packageRoot, 'node_modules', name));
  project.install('asyncgen-hooks', packageRoot, PUBLISHED);
  const { stdout, stderr } = await project.run('watch.mjs');
  const said = stdout
    .split('\n')
    .filter((line) => line.startsWith('[['))
    .at(-1);
  expect([said, stderr]).toEqual([JSON.stringify([COUNTS, COUNTS]), expect.any(String)]);
});

test('Jest: a second run in the same process starts clean', async () => {
  const modules = '@babel/plugin-transform-modules-commonjs';
  const folderOf = (name: string): string => dirname(requireBabel.resolve(`${name}/package.json`));
  using project = new Project({
    'babel.config.json': { plugins: [modules] },
    'jest.config.json': { preset: 'asyncgen-hooks/jest', cacheDirectory: '<rootDir>/cache' },
    'rows.js': rows,
    'a.test.js': tests(''),
    // As watch mode does.
    'watch.cjs': `const { runCLI } = require('jest');
(async () => {
  const runs = [];
  for (let i = 0; i < 2; i++) {
    const argv = { _: [], $0: 'jest', runInBand: true, watchman: false };
    const { results } = await runCLI(argv, [__dirname]);
    runs.push([results.numPassedTests, results.numFailedTests]);
  }
  console.log(JSON.stringify(runs));
})();
`,
  });
  project
    .install('asyncgen-hooks', packageRoot, PUBLISHED)
    .link('jest', join(packageRoot, 'node_modules/jest'))
    .link('babel-jest', join(packageRoot, 'node_modules/babel-jest'))
    .link('@babel/core', folderOf('@babel/core'))
    .link(modules, folderOf(modules));
  const { stdout, stderr } = await project.run('watch.cjs');
  expect(stdout).toBe('[[2,2],[2,2]]\n');
  // Not the generators of the first run, either.
  expect(stderr.match(/asyncgen-hooks: .* open\./g)).toEqual(
    Array<string>(4).fill('asyncgen-hooks: the test left 1 async generator open.'),
  );
});
