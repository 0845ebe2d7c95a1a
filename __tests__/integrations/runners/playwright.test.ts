import { afterAll, expect, test } from '@jest/globals';
import { packageRoot, Project, PUBLISHED } from '../../environments/support/project.js';
import { fileOf } from '../../helpers/docs.js';
import { describeInstalled, installed } from './support/installed.js';
import { rows } from './support/programs.js';

// A worker ends with a test that fails, and a new one takes a second: few of them do.
const tests = `import { equal } from 'node:assert/strict';
import { allowOpenAsyncGens } from 'asyncgen-hooks/testing';
import { test } from './fixtures.js';
import { rows, stuck } from './rows.js';

let own;
test.beforeEach(async () => {
  own = rows('own');
  await own.next();
});
test.afterEach(async () => {
  await own.return();
});
test('is clean', async () => {
  for await (const row of rows('clean')) if (row === 'clean 3') break;
});
test('may leave its rows open', async () => {
  allowOpenAsyncGens();
  await rows('allowed').next();
});
test.fail('is to fail, and leaves its rows open', async () => {
  await rows('failing').next();
});
test('fails by itself, and leaves its rows open', async () => {
  await rows('left').next();
  equal(1, 2);
});
test('takes too long', async ({}, info) => {
  info.setTimeout(100);
  await stuck().next();
});
`;
const PACKAGES = ['@playwright/test', 'playwright', 'playwright-core'];

interface Suite {
  readonly specs: { title: string; tests: { results: Result[] }[] }[];
  readonly suites?: Suite[];
}

interface Result {
  readonly status: string;
  readonly errors: { message: string; stack?: string; location?: { line: number } }[];
}

const resultsIn = ({ specs, suites = [] }: Suite): [string, Result][] => [
  ...specs.map(({ title, tests }): [string, Result] => [title, tests[0]!.results.at(-1)!]),
  ...suites.flatMap(resultsIn),
];

describeInstalled(
  'Playwright',
  PACKAGES.map((name) => installed(name)),
  () => {
    const project = new Project({
      'package.json': { type: 'module' },
      'playwright.config.js': fileOf('tests.md', 'playwright.config.js'),
      'tests/fixtures.js': fileOf('tests.md', 'tests/fixtures.js'),
      'tests/rows.js': rows,
      'tests/tests.spec.js': tests,
      'tests/bail/bail.spec.js': `import { test } from '../fixtures.js';
import { rows } from '../rows.js';
test('leaves its rows open', async () => { await rows('left').next(); });
test('comes behind it', () => {});
`,
      'tests/scoped/scoped.spec.js': `import { test as base } from '../fixtures.js';
import { rows } from '../rows.js';
const opened = async ({}, use) => {
  const opened = rows('worker');
  await opened.next();
  await use(opened);
  await opened.return();
};
const test = base.extend({ opened: [opened, { scope: 'worker' }] });
for (const n of [1, 2])
  test('reads on what a fixture opened, ' + n, async ({ opened }) => {
    if ((await opened.next()).done) throw new Error('it is closed');
  });
`,
      'tests/plain/plain.spec.js':
        "import { test } from '../fixtures.js';\ntest('is plain', () => {});\n",
    });
    for (const name of PACKAGES) project.link(name, installed(name));
    project.install('asyncgen-hooks', packageRoot, PUBLISHED);
    afterAll(() => project[Symbol.dispose]());

    const run = async (...args: string[]) => {
      const cli = 'node_modules/@playwright/test/cli.js';
      const { stdout, stderr } = await project.run(
        cli,
        'test',
        '--reporter=json',
        '--workers=1',
        ...args,
      );
      const { suites, errors } = JSON.parse(stdout) as {
        suites: Suite[];
        errors: Result['errors'];
      };
      return { results: Object.fromEntries(suites.flatMap(resultsIn)), errors, stderr };
    };

    test('with -x, nothing runs behind a test that leaves a generator open', async () => {
      const { results } = await run('-x', 'bail');
      expect(results['leaves its rows open']!.status).toBe('failed');
      expect(results['comes behind it']?.status ?? 'skipped').toBe('skipped');
    });

    test('what a fixture of the worker opened is open to the end', async () => {
      const { results, errors } = await run('scoped');
      const said = Object.values(results).map(({ status, errors }) => [status, errors]);
      expect(said).toEqual([
        ['passed', []],
        ['passed', []],
      ]);
      expect(errors).toEqual([]);
    });

    test('tests fail that leave a generator open, and no other', async () => {
      const { results, stderr } = await run('tests/tests.spec');
      const said = Object.entries(results).map(([title, { status, errors }]) => [
        title,
        status,
        errors.map(({ message }) => message).join('\n'),
      ]);
      const line = tests.split('\n').findIndex((text) => text.includes("rows('left')")) + 1;
      expect(said).toEqual([
        ['is clean', 'passed', ''],
        ['may leave its rows open', 'passed', ''],
        [
          'is to fail, and leaves its rows open',
          'failed',
          expect.stringMatching(/^Error: asyncgen-hooks: the test left 1 async generator open/),
        ],
        [
          'fails by itself, and leaves its rows open',
          'failed',
          expect.stringMatching(
            new RegExp(
              'Expected values to be strictly equal[^]*the test left 1 async generator open[^]*' +
                `rows \\(tests/rows\\.js:1:8\\) is parked at tests/rows\\.js:5, after 1 item; first iterated at tests/tests\\.spec\\.js:${line}:22\\.`,
            ),
          ),
        ],
        [
          'takes too long',
          'timedOut',
          expect.stringMatching(
            /Test timeout of 100ms[^]*stuck \(tests\/rows\.js:12:8\) is in a step/,
          ),
        ],
      ]);
      expect(stderr).not.toMatch(/no code with async generators/);
    });

    test('what beforeAll and the top of a file began belongs to the worker; a run in which nothing was compiled says so', async () => {
      project.write({
        'tests/all/all.spec.js': `import { test } from '../fixtures.js';
import { rows } from '../rows.js';
void rows('top').next();
test.beforeAll(async () => { await rows('all').next(); });
test('passes', () => {});
`,
      });
      const [all, plain] = await Promise.all([
        run('all/all.spec', '--output=out-all'),
        run('plain/plain.spec', '--output=out-plain'),
      ]);
      expect(JSON.stringify(all.errors) + JSON.stringify(all.results)).toMatch(
        /the worker left 2 async generators open.*first iterated at tests\/all\/all\.spec\.js:3:/,
      );
      expect(plain.errors).toEqual([]);
      expect(plain.stderr.match(/no code with async generators was compiled/g)).toHaveLength(1);
    });
  },
);
