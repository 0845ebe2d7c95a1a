import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { packageRoot, Project, PUBLISHED } from '../../environments/support/project.js';
import { describeInstalled, installed } from './support/installed.js';
import {
  EDGES_PASS,
  edgesFileLeft,
  edgesLeft,
  RESULTS,
  rows,
  testsFor,
} from './support/programs.js';

const { tests, concurrent, edges } = testsFor(
  `import { equal } from 'node:assert/strict';
import { afterEach, beforeAll, beforeEach, describe as suite, test } from 'vitest';
const callback = (fn) => () => new Promise(fn);
const { concurrent, fails: failing, todo } = test;
const timed = (title, ms, fn) => test(title, fn, ms);`,
);

interface Result {
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

const files = {
  'package.json': { type: 'module' },
  'rows.js': rows,
  'vitest.config.mjs': `import asyncGenHooks from 'asyncgen-hooks/vitest';
export default { plugins: [asyncGenHooks()] };
`,
  'tests.test.js': tests,
  'concurrent.test.js': concurrent,
  'edges.test.js': edges,
  'fixtures.test.js': `import { expect, test } from 'vitest';
import { rows } from './rows.js';
const opens = (name) => async ({}, use) => {
  const opened = rows(name);
  await opened.next();
  await use(opened);
  if (name !== 'left') await opened.return();
};
const it = test.extend({
  own: opens('own'),
  ofFile: [opens('file'), { scope: 'file' }],
  ofWorker: [opens('worker'), { scope: 'worker' }],
  left: [opens('left'), { scope: 'file' }],
});
for (const n of [1, 2])
  it('reads on what fixtures opened, ' + n, async ({ own, ofFile, ofWorker }) => {
    for (const opened of [own, ofFile, ofWorker]) expect((await opened.next()).done).toBe(false);
  });
it('asks for what its fixture leaves open', async ({ left }) => {
  expect((await left.next()).done).toBe(false);
});
`,
  'fails.test.js': `import { test, vi } from 'vitest';
import { rows, stuck } from './rows.js';
let tries = 0;
test('leaves rows open the first time', { retry: 1 }, async () => {
  if (tries++ === 0) await rows('retried').next();
});
test('may leave a generator open by its site', async () => {
  vi.useFakeTimers();
  await rows('left').next();
});
test('leaves a step that never settles', () => {
  vi.useRealTimers();
  void stuck().next();
});
`,
  'projects.config.mjs': `import asyncGenHooks from 'asyncgen-hooks/vitest';
const projects = ['one', 'two'].map((name) => ({ extends: true, test: { name, include: ['fixtures.test.js'] } }));
export default { plugins: [asyncGenHooks()], test: { projects } };
`,
  'other.config.mjs': `import asyncGenHooks from 'asyncgen-hooks/vitest';
const tests = { allow: [/^rows /] };
export default { plugins: [asyncGenHooks({ tests, include: process.env.INCLUDE ?? '**' })] };
`,
};

const projects: Project[] = [];
afterAll(() => projects.forEach((each) => each[Symbol.dispose]()));

/** @param folderOf where the packages of a version of Vitest are. */
function projectWith(folderOf: (name: string) => string): Project {
  const made = new Project(files);
  for (const name of ['vite', 'vitest']) made.link(name, folderOf(name));
  projects.push(made);
  return made.install('asyncgen-hooks', packageRoot, PUBLISHED);
}

const own = (name: string): string => join(packageRoot, 'node_modules', name);
const project = projectWith(own);

interface FileResult {
  readonly name: string;
  readonly message: string;
  readonly assertionResults: readonly Result[];
}

const resultsOf = async (at: Project, ...args: string[]) => {
  const vitest = 'node_modules/vitest/vitest.mjs';
  const json = ['--reporter=json', '--outputFile=out.json'];
  const { stderr } = await at.run(vitest, 'run', ...json, ...args);
  const { testResults } = JSON.parse(readFileSync(join(at.root, 'out.json'), 'utf8'));
  return { files: testResults as readonly FileResult[], stderr };
};

const run = async (file: string, ...args: string[]) => {
  const { files, stderr } = await resultsOf(project, ...args, file);
  const { assertionResults, message } = files[0]!;
  return { results: assertionResults, message, stderr };
};

const failures = (results: readonly Result[]): Record<string, number> =>
  Object.fromEntries(
    results
      .filter(({ status }) => status !== 'skipped' && status !== 'pending')
      .map(({ title, failureMessages }) => [title, failureMessages.length]),
  );

describe.each(['forks', 'threads', 'vmThreads'])('Vitest, in %s', (pool) => {
  test.each([[[]], [['--no-isolate']]])(
    'tests fail that leave a generator open %j',
    async (args) => {
      const { results } = await run('tests.test.js', `--pool=${pool}`, ...args);
      expect(failures(results)).toEqual({
        ...RESULTS,
        'fails by itself, and leaves its rows open': 2,
      });
      const [own, ours] = results[4]!.failureMessages;
      expect(own).toMatch(/^AssertionError/);
      expect(ours).toMatch(/^Error: asyncgen-hooks: the test left 1 async generator open/);
      const line = tests.split('\n').findIndex((text) => text.includes('await left.next()')) + 1;
      expect(results[1]!.failureMessages[0]).toMatch(
        new RegExp(
          `rows \\(rows\\.js:1:8\\) is parked at rows\\.js:5, after 1 item; first iterated at tests\\.test\\.js:${line}:21\\.[^]*` +
            '> 5 \\|       yield `',
        ),
      );
      expect(results[3]!.failureMessages[0]).toMatch(/stuck \(rows\.js:12:8\) is in a step/);
    },
  );
});

const checkEdges = async (at: Project): Promise<void> => {
  const names = ['tests', 'edges', 'concurrent', 'fixtures'].map((name) => `${name}.test.js`);
  const { files } = await resultsOf(at, ...names);
  const fileOf = (name: string): FileResult => files.find((each) => each.name.endsWith(name))!;
  expect(failures(fileOf('tests.test.js').assertionResults)).toMatchObject(RESULTS);
  expect(failures(fileOf('concurrent.test.js').assertionResults)).toEqual({
    'leaves its rows open at the same time': 1,
    'reads 500 rows at the same time': 0,
  });
  const { assertionResults, message } = fileOf('edges.test.js');
  const count = failures(assertionResults);
  for (const title of [...EDGES_PASS, 'is to fail, and leaves its rows open'])
    expect([title, count[title]]).toEqual([title, 0]);
  for (const [title, says] of edgesLeft(edges, 'edges.test.js')) {
    const { failureMessages } = assertionResults.find((each) => each.title === title)!;
    // Its own error comes first.
    expect(failureMessages).toHaveLength(/fails|takes too long/.test(title) ? 2 : 1);
    expect(failureMessages.at(-1)).toMatch(says);
  }
  expect(count['is to fail, and does not']).toBe(1);
  expect(message).toMatch(edgesFileLeft(edges, 'edges.test.js'));
  const fixtures = fileOf('fixtures.test.js');
  expect(failures(fixtures.assertionResults)).toEqual({
    'reads on what fixtures opened, 1': 0,
    'reads on what fixtures opened, 2': 0,
    'asks for what its fixture leaves open': 0,
  });
  expect(fixtures.message).toMatch(/the file left 1 async generator open[^]*after 2 items/);
};

test('Vitest: each test ends with the right verdict, at the right place', () =>
  checkEdges(project));

const checkProjects = async (at: Project): Promise<void> => {
  const { files } = await resultsOf(at, '--config=projects.config.mjs');
  expect(files.map(({ name }) => name.slice(-17)).sort()).toEqual([
    '/fixtures.test.js',
    '/fixtures.test.js',
  ]);
  for (const { message } of files) expect(message).toMatch(/the file left 1 async generator open/);
};

test('Vitest: projects have the plugins of the configuration that names them', () =>
  checkProjects(project));

describeInstalled('Vitest 5', [installed('vitest')], () => {
  test('projects have the plugins of the configuration that names them', () =>
    checkProjects(projectWith((name) => installed(name))));

  test('each test ends with the right verdict, at the right place', () =>
    checkEdges(projectWith((name) => installed(name))));
});

test('Vitest: what beforeAll began belongs to the file', async () => {
  const { message } = await run('tests.test.js');
  expect(message).toMatch(/the file left 1 async generator open[^]*after 2 items/);
});

test('Vitest: a test that is tried again; fake timers; a short limit for hooks; "allow"', async () => {
  const { results } = await run('fails.test.js', '--hookTimeout=1');
  expect(results.map(({ status }) => status)).toEqual(['passed', 'failed', 'failed']);
  expect(results[1]!.failureMessages.join()).toMatch(/left 1 async generator open/);
  expect(results[2]!.failureMessages.join()).toMatch(/^Error: asyncgen-hooks.*[^]*stuck \(rows/);
  const other = await run('fails.test.js', '--config=other.config.mjs');
  expect(other.results.map(({ status }) => status)).toEqual(['passed', 'passed', 'failed']);
  expect(other.stderr).not.toMatch(/no code with async generators/);
});

test('Vitest: a run in which nothing was compiled says so once, and leaves no folder', async () => {
  process.env['INCLUDE'] = 'src/**';
  process.env['TMPDIR'] = project.root;
  try {
    const { stderr } = await run('fails.test.js', '--config=other.config.mjs');
    expect(stderr.match(/no code with async generators was compiled in this run/g)).toHaveLength(1);
    const left = readdirSync(project.root).filter((name) => name.includes('asyncgen-hooks-tests'));
    expect(left).toEqual([]);
  } finally {
    delete process.env['INCLUDE'];
    delete process.env['TMPDIR'];
  }
});
