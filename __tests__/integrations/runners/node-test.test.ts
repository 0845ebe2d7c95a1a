import { afterAll, describe, expect, test } from '@jest/globals';
import { fileOf } from '../../helpers/docs.js';
import { NodeProject } from '../node/support/node-project.js';
import {
  EDGES_PASS,
  edgesFileLeft,
  edgesLeft,
  normalised,
  RESULTS,
  rows,
  testsFor,
} from './support/programs.js';

const { tests, concurrent, healthy, edges } = testsFor(
  `import { equal } from 'node:assert/strict';
import test, { afterEach, before as beforeAll, beforeEach, describe as suite } from 'node:test';
const callback = (fn) => (t, done) => fn(done);
const timed = (title, timeout, fn) => test(title, { timeout }, async () => {
  setTimeout(() => {}, 2 * timeout);
  await fn();
});
const failing = (title, fn) => test(title, { expectFailure: true }, fn);
const { todo } = test;
const all = [];
const concurrent = (...each) => void all.push(each);`,
  'suite("all", { concurrency: true }, () => all.forEach((each) => test(...each)));\n',
);

const project = new NodeProject({
  'package.json': { type: 'module' },
  'rows.js': rows,
  'tests.test.js': tests,
  'concurrent.test.js': concurrent,
  'healthy.test.js': healthy,
  'edges.test.js': edges,
});
afterAll(() => project[Symbol.dispose]());

const IMPORT = ['--import', 'asyncgen-hooks/node-test'];
const run = async (file: string, flags: readonly string[] = IMPORT, env = {}) => {
  const args = [...flags, '--test', '--test-reporter=tap', file];
  // Children of Jest: it sets what node:test would take for its own.
  const { stdout, stderr } = await project.start(args, { env });
  return stdout + stderr;
};

/** By the names of tests, what TAP says of each that failed; '' for what passed. */
const failures = (tap: string): Record<string, string> => {
  const found = tap.matchAll(
    /^ *(not ok|ok) \d+ - ([^#\n]*?)(?: # (\w+).*)?\n((?: +.*\n)*?) +\.\.\.$/gm,
  );
  return Object.fromEntries(
    [...found]
      .filter(([, , , directive]) => directive !== 'SKIP')
      .map(([, ok, name, , text]) => [name!, ok === 'ok' ? '' : text!]),
  );
};

const STUCK = /^# stuck \(rows\.js:12:8\) is in a step that is still pending/m;

describe('node:test', () => {
  const tap = run('tests.test.js');

  test('tests fail that leave a generator open, and no other', async () => {
    const found = failures(await tap);
    for (const [name, count] of Object.entries(RESULTS))
      expect([name, found[name]]).toEqual([
        name,
        count === 0 ? '' : expect.stringMatching(/left 1 async gen/),
      ]);
  });

  test('the message has the function, the yield, the first step, and code', async () => {
    const line = tests.split('\n').findIndex((text) => text.includes('await left.next()')) + 1;
    expect(failures(await tap)['leaves its rows open']).toMatch(
      new RegExp(
        `rows \\(rows\\.js:1:8\\) is parked at rows\\.js:5, after 1 item; first iterated at tests\\.test\\.js:${line}:21\\.[^]*` +
          '> 5 \\|       yield `[^]*' +
          `tests\\.test\\.js:${line}:21`,
      ),
    );
  });

  test('a test that fails by itself keeps its error; what it left open is a diagnostic', async () => {
    const text = failures(await tap)['fails by itself, and leaves its rows open'];
    expect(text).toMatch(/ERR_ASSERTION/);
    expect(text).not.toMatch(/async generator/);
    expect(await tap).toMatch(/^# asyncgen-hooks: the test left 1 async generator open/m);
  });

  test('a step that never settles is named', async () => {
    expect(failures(await tap)['leaves a step that never settles']).toMatch(
      /stuck \(rows\.js:12:8\) is in a step that is still pending[^]*It did not close: /,
    );
  });

  test('what before() began belongs to the file', async () => {
    expect((await tap).match(/the file left 1 async generator open/g)).toHaveLength(1);
  });

  test('each test ends with the right verdict, at the right place', async () => {
    const tap = await run('edges.test.js');
    const found = failures(tap);
    for (const title of EDGES_PASS) expect([title, found[title]]).toEqual([title, '']);
    for (const [title, says] of edgesLeft(edges, 'edges.test.js')) {
      // A test that fails by itself has room for its own error: ours is a diagnostic.
      const isOwn = /fails|takes too long/.test(title);
      expect(found[title]).toMatch(isOwn ? /fails|timed out/ : says);
      if (isOwn) expect(tap.replace(/^ *# /gm, '')).toMatch(says);
    }
    expect(tap).toMatch(edgesFileLeft(edges, 'edges.test.js'));
  });

  test('the test of the docs passes that does without matchers', async () => {
    project.write({ 'docs.test.js': fileOf('tests.md', 'rows.test.js') });
    expect(failures(await run('docs.test.js'))).toEqual({ 'has two rows': '' });
  });

  test('of tests that run at the same time, only the one fails that leaves a generator open', async () => {
    expect(failures(await run('concurrent.test.js'))).toMatchObject({
      'leaves its rows open at the same time': expect.stringMatching(/left 1 async generator/),
      'reads 500 rows at the same time': '',
    });
  });

  test('prints of tests that leave nothing open what it prints without us', async () => {
    const [ours, theirs] = await Promise.all([run('healthy.test.js'), run('healthy.test.js', [])]);
    expect(ours).toMatch(/# fail 2\n/);
    expect(normalised(ours, project.root)).toBe(normalised(theirs, project.root));
  });

  test('a subtest is a test; mocked timers and a limit change nothing', async () => {
    project.write({
      'sub.test.js': `import test from 'node:test';
import { rows, stuck } from './rows.js';
test('outer', async (t) => {
  const outer = rows('outer');
  await outer.next();
  await t.test('inner', async () => { await rows('inner').next(); });
  await t.test('inner that is clean', async () => { await outer.next(); });
  await outer.return();
});
test('mocked', async (t) => {
  t.mock.timers.enable();
  await rows('mocked').next();
});
test('limited', { timeout: 100 }, async () => {
  setTimeout(() => {}, 500);
  await stuck().next();
});
`,
    });
    const tap = await run('sub.test.js');
    expect(failures(tap)).toMatchObject({
      inner: expect.stringMatching(/left 1 async generator open/),
      'inner that is clean': '',
      outer: expect.stringMatching(/1 subtest failed/),
      mocked: expect.stringMatching(/left 1 async generator open/),
      limited: expect.stringMatching(/test timed out after 100ms/),
    });
    expect(tap).toMatch(STUCK);
  });

  // From Node 24 on such a run never ends, without us as with us.
  const isCutOff = Number.parseInt(process.versions.node, 10) < 24;
  (isCutOff ? test : test.skip)(
    'a step that never settles, of a test that Node cuts off',
    async () => {
      project.write({
        'cut-off.test.js': `import test from 'node:test';
import { stuck } from './rows.js';
test('cut off', async () => { await stuck().next(); });
`,
      });
      const tap = await run('cut-off.test.js');
      expect(failures(tap)).toEqual({
        'cut off': expect.stringMatching(/Promise resolution is still pending/),
      });
      expect(tap).toMatch(STUCK);
    },
  );

  test.each([
    ['ends by itself within the grace time passes', 60_000, ''],
    ['does not, without one, fails', 0, expect.stringMatching(/left 1 async generator open/)],
  ])('a test whose generator %s', async (_, grace, said) => {
    project.write({
      'asyncgen-hooks.config.json': { tests: { grace } },
      // Some turns of the event loop after its test.
      'late.test.js': `import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { rows } from './rows.js';
test('late', async () => {
  const late = rows('late');
  await late.next();
  void (async () => {
    for (let i = 0; i < 50; i++) await turn();
    await late.return();
  })();
});
`,
    });
    try {
      expect(failures(await run('late.test.js'))).toEqual({ late: said });
    } finally {
      project.write({ 'asyncgen-hooks.config.json': {} });
    }
  });

  test('a file that has generators, and none that was compiled, says so', async () => {
    project.write({ 'asyncgen-hooks.config.json': { include: 'src/**' } });
    try {
      const tap = await run('tests.test.js');
      expect(tap.match(/no code with async generators was compiled in this run/g)).toHaveLength(1);
    } finally {
      project.write({ 'asyncgen-hooks.config.json': {} });
    }
  });
});
