import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { dirname } from 'node:path';
import { packageRoot, Project, PUBLISHED } from '../../environments/support/project.js';
import { requireBabel } from '../../helpers/babel.js';
import {
  EDGES_PASS,
  edgesFileLeft,
  edgesLeft,
  normalised,
  RESULTS,
  rows,
  testsFor,
} from './support/programs.js';

const MODULES = '@babel/plugin-transform-modules-commonjs';
const jestBin = require.resolve('jest/bin/jest');
const packageFolder = (name: string): string =>
  dirname(requireBabel.resolve(`${name}/package.json`));

const HEAD = `import { equal } from 'node:assert/strict';
const [suite, callback] = [describe, (fn) => fn];
const { concurrent, failing, todo } = test;
const timed = (title, ms, fn) => test(title, fn, ms);`;
const globals = testsFor(HEAD);
const imported = testsFor(
  `import { afterEach, beforeAll, beforeEach, describe, test } from '@jest/globals';\n${HEAD}`,
);

const BABEL = { plugins: ['asyncgen-hooks/babel', MODULES] };
const CONFIG = {
  cacheDirectory: '<rootDir>/cache',
  transform: { '\\.js$': '<rootDir>/node_modules/babel-jest' },
};
const SETUP = { setupFilesAfterEnv: ['asyncgen-hooks/jest'] };

interface TestResult {
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

interface FileResult {
  readonly name: string;
  readonly message: string;
  readonly assertionResults: readonly TestResult[];
}

class JestProject extends Project {
  constructor(files: Record<string, unknown>, config: object = SETUP) {
    super({
      'babel.config.json': BABEL,
      'jest.config.json': { ...CONFIG, ...config },
      'rows.js': rows,
      ...files,
    });
    this.install('asyncgen-hooks', packageRoot, PUBLISHED)
      .install('babel-jest', join(packageRoot, 'node_modules/babel-jest'))
      .link('@babel/core', packageFolder('@babel/core'))
      .link(MODULES, packageFolder(MODULES));
  }

  async jest(...args: string[]) {
    const { stdout, stderr } = await this.run(jestBin, '--json', '--no-watchman', ...args);
    const files: readonly FileResult[] = JSON.parse(stdout).testResults;
    return { files, stderr };
  }
}

const failures = ({ assertionResults }: FileResult): Record<string, number> =>
  Object.fromEntries(
    assertionResults
      .filter(({ status }) => status !== 'pending')
      .map(({ title, failureMessages }) => [title, failureMessages.length]),
  );

const leak = (line: number, column: number): RegExp =>
  new RegExp(
    [
      'asyncgen-hooks: the test left 1 async generator open\\.',
      '',
      `rows \\(rows\\.js:1:8\\) is parked at rows\\.js:5, after 1 item; first iterated at tests\\.test\\.js:${line}:${column}\\.`,
      '',
      '.*',
      '> 5 \\|       yield `.*',
      '[^]*',
      `    at .*tests\\.test\\.js:${line}:${column}\\)`,
    ].join('\n'),
  );

describe.each([
  ['the globals', globals],
  ['what @jest/globals exports', imported],
])('Jest: by %s', (_, { tests, concurrent }) => {
  const project = new JestProject({ 'tests.test.js': tests, 'concurrent.test.js': concurrent });
  afterAll(() => project[Symbol.dispose]());
  const run = project.jest();
  const fileOf = async (name: string): Promise<FileResult> =>
    (await run).files.find((file) => file.name.endsWith(name))!;

  test('tests fail that leave a generator open, and no other', async () => {
    const file = await fileOf('tests.test.js');
    expect(failures(file)).toEqual({
      ...RESULTS,
      'fails by itself, and leaves its rows open': 2,
    });
  });

  test('the message has the function, the yield, the first step, and code', async () => {
    const { assertionResults } = await fileOf('tests.test.js');
    const line = tests.split('\n').findIndex((text) => text.includes('await left.next()')) + 1;
    const { failureMessages } = assertionResults[1]!;
    expect(failureMessages[0]).toMatch(leak(line, 21));
  });

  test("a test's own error comes first", async () => {
    const { assertionResults } = await fileOf('tests.test.js');
    const [own, ours] = assertionResults[4]!.failureMessages;
    expect(own).toMatch(/^assert\.strictEqual/);
    expect(ours).toMatch(/^Error: asyncgen-hooks: the test left/);
  });

  test('a step that never settles is named', async () => {
    const { assertionResults } = await fileOf('tests.test.js');
    expect(assertionResults[3]!.failureMessages[0]).toMatch(
      /stuck \(rows\.js:12:8\) is in a step that is still pending.*\nIt did not close: /,
    );
  });

  test('what beforeAll began belongs to the file', async () => {
    const { message } = await fileOf('tests.test.js');
    expect(message.match(/the file left 1 async generator open/g)).toHaveLength(1);
    expect(message).toMatch(/is parked at rows\.js:5, after 2 items/);
  });

  test('of tests that run at the same time, only the one fails that leaves a generator open', async () => {
    expect(failures(await fileOf('concurrent.test.js'))).toEqual({
      'leaves its rows open at the same time': 1,
      'reads 500 rows at the same time': 0,
    });
  });
});

test('Jest: prints of tests that leave nothing open what it prints without us', async () => {
  const outputs: string[] = [];
  for (const config of [SETUP, {}]) {
    using project = new JestProject({ 'healthy.test.js': globals.healthy }, config);
    const { stdout, stderr } = await project.run(jestBin, '--no-watchman', '--verbose');
    outputs.push(normalised(stdout + stderr, project.root));
  }
  expect(outputs[0]).toMatch(/2 failed, 1 skipped, 1 passed, 4 total/);
  expect(outputs[0]).toBe(outputs[1]);
});

test('Jest: test.failing, .each, retries, and fake timers that are there before any test', async () => {
  const text = `import { rows } from './rows.js';
jest.retryTimes(1);
test.failing('is to fail, and leaves its rows open', async () => { await rows(1).next(); });
test.failing('is to fail, and does not', () => {});
test.each([1, 2])('is one of two: %i', async (n) => { if (n === 2) await rows(n).next(); });
let tries = 0;
test('leaves its rows open the first time', async () => { if (tries++ === 0) await rows(1).next(); });
`;
  const config = { ...SETUP, fakeTimers: { enableGlobally: true } };
  using project = new JestProject({ 'more.test.js': text }, config);
  const { files } = await project.jest();
  expect(failures(files[0]!)).toEqual({
    'is to fail, and leaves its rows open': 0,
    'is to fail, and does not': 1,
    'is one of two: 1': 0,
    'is one of two: 2': 1,
    'leaves its rows open the first time': 0,
  });
});

test('Jest: the options stand in the configuration of the package', async () => {
  const text = `import { rows, stuck } from './rows.js';
test('leaves rows open', async () => { await rows('left').next(); });
test('leaves a step open', async () => { void stuck().next(); });
`;
  const options = { tests: { onLeak: 'warn', allow: 'rows.js:12' } };
  using project = new JestProject({
    'options.test.js': text,
    'asyncgen-hooks.config.json': options,
  });
  const { files, stderr } = await project.jest();
  expect(failures(files[0]!)).toEqual({ 'leaves rows open': 0, 'leaves a step open': 0 });
  expect(stderr.match(/\[ERR_ASYNCGEN_OPEN\]/g)).toHaveLength(1);
  expect(stderr).toMatch(/rows \(rows\.js:1:8\) is parked at rows\.js:5/);
});

test('Jest: without jest-circus there is an error that says so', async () => {
  using project = new JestProject({ 'a.cjs': "require('asyncgen-hooks/jest');" });
  const { stderr } = await project.run('a.cjs');
  expect(stderr).toMatch(
    /asyncgen-hooks\/jest: there is no jest-circus of Jest 30 or newer here.*ERR_ASYNCGEN_RUNNER/s,
  );
});

describe('Jest: the preset', () => {
  const preset = (files: Record<string, unknown>, config: object = {}): JestProject => {
    const project = new JestProject({ 'babel.config.json': { plugins: [MODULES] }, ...files });
    project.write({
      'jest.config.json': {
        preset: 'asyncgen-hooks/jest',
        cacheDirectory: '<rootDir>/cache',
        ...config,
      },
    });
    return project;
  };

  test('compiles and watches', async () => {
    using project = preset({
      'tests.test.js': globals.tests,
      'edges.test.js': globals.edges,
      'broken.test.js': "throw new Error('it does not load');",
    });
    const { files, stderr } = await project.jest();
    const fileOf = (name: string): FileResult => files.find((each) => each.name.endsWith(name))!;
    const tests = fileOf('tests.test.js');
    expect(failures(tests)).toEqual({
      ...RESULTS,
      'fails by itself, and leaves its rows open': 2,
    });
    const line =
      globals.tests.split('\n').findIndex((text) => text.includes('await left.next()')) + 1;
    expect(tests.assertionResults[1]!.failureMessages[0]).toMatch(leak(line, 21));
    expect(stderr).not.toMatch(/no code with async generators/);

    const edges = fileOf('edges.test.js');
    const count = failures(edges);
    for (const title of [...EDGES_PASS, 'is to fail, and leaves its rows open'])
      expect([title, count[title]]).toEqual([title, 0]);
    for (const [title, says] of edgesLeft(globals.edges, 'edges.test.js')) {
      const { failureMessages } = edges.assertionResults.find((each) => each.title === title)!;
      // Its own error comes first.
      expect(failureMessages).toHaveLength(/fails|takes too long/.test(title) ? 2 : 1);
      expect(failureMessages.at(-1)).toMatch(says);
    }
    expect(count['is to fail, and does not']).toBe(1);
    expect(edges.message).toMatch(edgesFileLeft(globals.edges, 'edges.test.js'));
    expect(fileOf('broken.test.js').message).toMatch(/it does not load/);
    expect(fileOf('broken.test.js').message).not.toMatch(/asyncgen-hooks:/);
  });

  test('a run in which nothing was compiled says so once', async () => {
    const transform = { '\\.js$': '<rootDir>/node_modules/babel-jest' };
    using project = preset(
      { 'a.test.js': 'test("a", () => {});', 'b.test.js': 'test("b", () => {});' },
      { transform },
    );
    const { stderr } = await project.jest();
    expect(stderr.match(/no code with async generators was compiled in this run/g)).toHaveLength(1);
  });

  test('ES modules, an environment of its own, projects', async () => {
    const own = (head: string): string => `${head}
async function* own() { yield 1; }
test('is clean', async () => { for await (const item of own()); });
test('leaves its own open', async () => { await own().next(); });
test('leaves rows open', async () => { await rows('left').next(); });
`;
    const inProject = {
      preset: 'asyncgen-hooks/jest',
      moduleFileExtensions: ['mjs', 'js', 'json'],
    };
    const transform = { '\\.mjs$': 'asyncgen-hooks/jest/transform' };
    const projects = [
      { ...inProject, testMatch: ['**/*.test.mjs'], transform },
      { ...inProject, testMatch: ['**/*.test.js'], testEnvironment: '<rootDir>/environment.cjs' },
    ];
    using project = preset({
      'rows.mjs': rows,
      'a.test.mjs': own(
        "import { rows } from './rows.mjs';\nimport { test } from '@jest/globals';",
      ),
      'b.test.js': own(
        "import { rows } from './rows.js';\nif (!document) throw new Error('not there');",
      ),
      // As that of jsdom: a global of a browser, and none of Node's timers.
      'environment.cjs': `const { TestEnvironment } = require('jest-environment-node');
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.document = {};
    delete this.global.setImmediate;
  }
};
`,
      'jest.projects.json': { projects },
      'babel.config.json': { overrides: [{ test: './*.js', plugins: [MODULES] }] },
    });
    for (const name of ['jest-environment-node', '@jest/globals'])
      project.link(name, join(packageRoot, 'node_modules', name));
    const args = ['--config=jest.projects.json', '--no-watchman', '--json', '-i'];
    const { stdout } = await project.run('--experimental-vm-modules', jestBin, ...args);
    const files: readonly FileResult[] = JSON.parse(stdout).testResults;
    expect(files.map(({ name }) => name.slice(-10)).sort()).toEqual(['/b.test.js', 'a.test.mjs']);
    for (const file of files) {
      expect(failures(file)).toEqual({
        'is clean': 0,
        'leaves its own open': 1,
        'leaves rows open': 1,
      });
      expect(file.assertionResults[2]!.failureMessages[0]).toMatch(/is parked at rows\.m?js:5/);
    }
  });

  test('with --bail, no file runs behind one that leaves a generator open', async () => {
    const text =
      "import { rows } from './rows.js';\ntest('leaves rows open', async () => { await rows(1).next(); });";
    using project = preset({ 'a.test.js': text, 'b.test.js': text, 'c.test.js': text });
    const { stderr } = await project.run(jestBin, '--no-watchman', '--bail', '-i');
    expect(stderr.match(/the test left 1 async generator open/g)).toHaveLength(1);
    expect(stderr).toMatch(/^Test Suites: 1 failed, 1 of 3 total$/m);
  });

  const hooked = `const { describeAsyncGen } = require('asyncgen-hooks');
async function* words() { yield 'WORD'; }
test('is hooked', async () => {
  expect(describeAsyncGen(words())).toEqual({ name: 'words', file: 'a.test.cjs', line: 2, column: 0 });
  for await (const word of words()) expect(word).toBe('hello');
});`;
  // A type checker would refuse what is not the user's.
  const checks = `process(code) {
    if (code !== require('fs').readFileSync('a.test.cjs', 'utf8')) throw new Error('not as it was written');
    return { code: '// a line of its own\\n' + code.replace('WORD', word), map };
  }`;
  const lowers = `process(code, file) {
    const plugins = ['@babel/plugin-transform-async-generator-functions'];
    return require('@babel/core').transformSync(code.replace('WORD', word), { plugins, filename: file });
  }`;

  test.each([
    ['behind any other, which sees the file as it is', checks],
    ['in front of one that lowers it', lowers],
  ])('the transformer stands %s', async (_, process) => {
    const lines = hooked.split('\n').map((_line, i) => (i === 0 ? ';AAAA' : ';AACA'));
    const map = { version: 3, sources: ['a.test.cjs'], names: [], mappings: lines.join('') };
    const next = `module.exports = { createTransformer: ({ word, map }) => ({ getCacheKey: () => word, ${process} }) };`;
    const transformer = ['<rootDir>/next.cjs', { word: 'hello', map }];
    using project = preset(
      { 'next.cjs': next, 'a.test.cjs': hooked },
      {
        testMatch: ['**/*.test.cjs'],
        transform: { '\\.cjs$': ['asyncgen-hooks/jest/transform', { transformer }] },
      },
    );
    project.link('@babel', join(packageRoot, 'node_modules/@babel'));
    const { files } = await project.jest();
    expect(failures(files[0]!)).toEqual({ 'is hooked': 0 });
  });
});
