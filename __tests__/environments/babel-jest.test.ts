import { dirname, join, relative } from 'node:path';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { babel, requireBabel } from '../helpers/babel.js';
import { packageRoot, Project, PUBLISHED } from './support/project.js';
import { LEAKS, leaksTest, readProgram } from './support/programs.js';

// Jest takes its own for the mere name.
const BABEL_JEST = '<rootDir>/node_modules/babel-jest';
const MODULES = '@babel/plugin-transform-modules-commonjs';
const packageFolder = (name: string): string =>
  dirname(requireBabel.resolve(`${name}/package.json`));
const jestBin = require.resolve('jest/bin/jest');

/** A project that Jest tests, with a babel-jest that takes the Babel of this run. */
const makeProject = (config: Record<string, unknown>): Project =>
  new Project({
    'jest.config.json': {
      cacheDirectory: '<rootDir>/cache',
      transform: { '\\.js$': BABEL_JEST },
    },
    'src/program.js': readProgram('program.js'),
    'src/record.json': readProgram('record.json'),
    'src/in-jest.test.js': readProgram('in-jest.test.js'),
    ...config,
  })
    .install('babel-jest', join(packageRoot, 'node_modules/babel-jest'))
    .link('@babel/core', packageFolder('@babel/core'))
    .link(MODULES, packageFolder(MODULES));

async function runJest(project: Project): Promise<Record<string, unknown>> {
  const { stdout, stderr } = await project.run(jestBin, '--json', '--no-watchman');
  const { numPassedTests, success } = JSON.parse(stdout);
  return { numPassedTests, success, ...(success ? {} : { stderr }) };
}

const passed = { numPassedTests: 1, success: true };
const asJson = JSON.stringify({ plugins: ['asyncgen-hooks/babel', MODULES] });
const configs: [string, string][] = [
  ['.babelrc.json', asJson],
  ['babel.config.json', asJson],
  ['babel.config.js', `module.exports = ${asJson};`],
  [
    'babel.config.cjs',
    // The very Babel of this run.
    `module.exports = (api) => {
      api.cache.forever();
      api.assertVersion('${babel.version}');
      return ${asJson};
    };`,
  ],
  ['babel.config.mjs', `export default ${asJson};`],
];

test('babel-jest: hooks see the same, with the plugin named in each kind of configuration', async () => {
  using project = makeProject({}).install('asyncgen-hooks', packageRoot, PUBLISHED);
  const folders = configs.map(([name]) => `of ${name}`);
  project.write({ 'jest.config.json': { projects: folders.map((name) => `<rootDir>/${name}`) } });
  for (const [i, [name, text]] of configs.entries()) {
    const files = {
      'package.json': { type: 'commonjs' },
      'jest.config.json': {
        cacheDirectory: '<rootDir>/cache',
        transform: { '\\.js$': BABEL_JEST.replace('<rootDir>', '<rootDir>/..') },
      },
      'src/program.js': readProgram('program.js'),
      // Sites are relative to where Jest was started.
      'src/record.json': readProgram('record.json').replaceAll('src/', `${folders[i]}/src/`),
      'src/in-jest.test.js': readProgram('in-jest.test.js'),
      [name]: text,
    };
    const entries = Object.entries(files).map(([file, content]) => [
      `${folders[i]}/${file}`,
      content,
    ]);
    project.write(Object.fromEntries(entries));
  }
  const { stdout, stderr } = await project.run(jestBin, '--json', '--no-watchman');
  const { testResults } = JSON.parse(stdout);
  const seen = testResults.map((result: { name: string; status: string; message: string }) => [
    relative(project.root, result.name),
    result.status === 'passed' ? result.status : result.message + stderr,
  ]);
  expect(seen.sort()).toEqual(
    folders.map((folder) => [join(folder, 'src/in-jest.test.js'), 'passed']).sort(),
  );
});

test('babel-jest: hooks see the same, with the plugin imported in babel.config.mjs', async () => {
  using project = makeProject({
    'babel.config.mjs': `
      import hooks from 'asyncgen-hooks/babel';
      export default { plugins: [hooks, '${MODULES}'] };
    `,
  }).install('asyncgen-hooks', packageRoot, PUBLISHED);
  expect(await runJest(project)).toEqual(passed);
});

test('babel-jest: hooks see the same, where it compiles the package and all others, too', async () => {
  using project = makeProject({ 'babel.config.json': asJson })
    .install('asyncgen-hooks', packageRoot, PUBLISHED)
    .write({
      'jest.config.json': {
        cacheDirectory: '<rootDir>/cache',
        transform: { '\\.[cm]?js$': BABEL_JEST },
        transformIgnorePatterns: [],
      },
    });
  expect(await runJest(project)).toEqual(passed);
});

test('babel-jest: with asyncgen-hooks/jest, the test fails that leaves a generator open', async () => {
  using project = makeProject({ 'babel.config.json': asJson }).install(
    'asyncgen-hooks',
    packageRoot,
    PUBLISHED,
  );
  project.write({
    'jest.config.json': {
      testMatch: ['<rootDir>/leaks.test.js'],
      setupFilesAfterEnv: ['asyncgen-hooks/jest'],
      transform: { '\\.js$': BABEL_JEST },
    },
    'leaks.test.js': leaksTest('@jest/globals'),
  });
  const { stdout } = await project.run(jestBin, '--json', '--no-watchman');
  const [{ assertionResults }] = JSON.parse(stdout).testResults;
  expect(assertionResults).toMatchObject(LEAKS);
});

test('babel-jest: a new version of the package compiles again what the old one left in the cache', async () => {
  using project = makeProject({ 'babel.config.json': asJson }).install(
    'asyncgen-hooks',
    packageRoot,
    PUBLISHED,
  );
  expect(await runJest(project)).toEqual(passed);

  // What the old version left in the cache imports a module that the new one does not have.
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  const folder = 'node_modules/asyncgen-hooks';
  const names = ['package.json', ...readdirSync(join(packageRoot, 'dist')).map((n) => `dist/${n}`)];
  for (const name of names.filter((n) => n.includes('.') && !n.includes('.d.'))) {
    const text = readFileSync(join(packageRoot, name), 'utf8');
    project.write({
      [`${folder}/${name}`]: text
        .replaceAll('asyncgen-hooks/shim', 'asyncgen-hooks/next-shim')
        .replaceAll('./shim"', './next-shim"')
        .replaceAll(version, '1000.0.0'),
    });
  }
  expect(await runJest(project)).toEqual(passed);
});
