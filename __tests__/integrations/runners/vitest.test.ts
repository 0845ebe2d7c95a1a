import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { packageRoot, Project, PUBLISHED } from '../../environments/support/project.js';
import { RESULTS, rows, testsFor } from './support/programs.js';

const { tests, concurrent } = testsFor(
  `import { equal } from 'node:assert/strict';
import { afterEach, beforeAll, beforeEach, describe as suite, test } from 'vitest';
const callback = (fn) => () => new Promise(fn);
const concurrent = test.concurrent;`,
);

interface Result {
  readonly title: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

const project = new Project({
  'package.json': { type: 'module' },
  'rows.js': rows,
  'vitest.config.mjs': `import asyncGenHooks from 'asyncgen-hooks/vitest';
export default { plugins: [asyncGenHooks()] };
`,
  'tests.test.js': tests,
  'concurrent.test.js': concurrent,
  'fails.test.js': `import { test } from 'vitest';
import { rows } from './rows.js';
let tries = 0;
test('leaves rows open the first time', { retry: 1 }, async () => {
  if (tries++ === 0) await rows('retried').next();
});
test('may leave a generator open by its site', async () => { await rows('left').next(); });
`,
  'other.config.mjs': `import asyncGenHooks from 'asyncgen-hooks/vitest';
const tests = { allow: [/^rows /] };
export default { plugins: [asyncGenHooks({ tests, include: process.env.INCLUDE ?? '**' })] };
`,
});
for (const name of ['vite', 'vitest']) project.link(name, join(packageRoot, 'node_modules', name));
project.install('asyncgen-hooks', packageRoot, PUBLISHED);
afterAll(() => project[Symbol.dispose]());

const run = async (file: string, ...args: string[]) => {
  const vitest = 'node_modules/vitest/vitest.mjs';
  const { stdout, stderr } = await project.run(vitest, 'run', '--reporter=json', ...args, file);
  const json = stdout.slice(stdout.indexOf('{'), stdout.lastIndexOf('}') + 1);
  const [{ assertionResults, message }] = JSON.parse(json).testResults;
  return { results: assertionResults as readonly Result[], message: message as string, stderr };
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

test('Vitest: what beforeAll began belongs to the file', async () => {
  const { message } = await run('tests.test.js');
  expect(message).toMatch(/the file left 1 async generator open[^]*after 2 items/);
});

test('Vitest: of tests that run at the same time, only the one fails that leaves a generator open', async () => {
  const { results } = await run('concurrent.test.js');
  expect(failures(results)).toEqual({
    'leaves its rows open at the same time': 1,
    'reads 500 rows at the same time': 0,
  });
});

test('Vitest: a test that is tried again passes if it leaves nothing open then; "allow"', async () => {
  const { results } = await run('fails.test.js');
  expect(results.map(({ status }) => status)).toEqual(['passed', 'failed']);
  const other = await run('fails.test.js', '--config=other.config.mjs');
  expect(other.results.map(({ status }) => status)).toEqual(['passed', 'passed']);
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
