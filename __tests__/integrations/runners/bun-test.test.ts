import { afterAll, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { packageRoot, Project, PUBLISHED } from '../../environments/support/project.js';
import { bun } from '../support/runtimes.js';
import { EDGES_PASS, edgesLeft, normalised, RESULTS, rows, testsFor } from './support/programs.js';

const { tests, concurrent, healthy, edges } = testsFor(
  `import { equal } from 'node:assert/strict';
import { afterEach, beforeAll, beforeEach, describe as suite, test } from 'bun:test';
const callback = (fn) => fn;
const { concurrent, failing, todo } = test;
const timed = (title, ms, fn) => test(title, fn, ms);`,
);

const isThere = bun !== undefined || process.env['CI'];
if (!isThere)
  console.warn(
    'runners: Bun, it is not installed, and its tests are skipped. Run node scripts/install-packages.mjs __tests__/runtimes.',
  );

(isThere ? describe : describe.skip)('bun test', () => {
  const project = new Project({
    'package.json': { type: 'module' },
    'rows.js': rows,
    'tests.test.js': tests,
    'edges.test.js': edges,
    'concurrent.test.js': concurrent,
    'healthy.test.js': healthy,
    'bail.test.js': `import { test } from 'bun:test';
import { rows } from './rows.js';
test('leaves its rows open', async () => { await rows('left').next(); });
test('comes behind it', () => {});
`,
    'finished.test.js': `import { onTestFinished, test } from 'bun:test';
import { rows } from './rows.js';
test('closes its rows when it has finished', async () => {
  const left = rows('left');
  onTestFinished(async () => void (await left.return()));
  await left.next();
});
test('leaves its rows open', async () => {
  onTestFinished(() => {});
  await rows('left').next();
});
let tries = 0;
test('leaves rows open the first time', async () => { if (tries++ === 0) await rows(1).next(); }, { retry: 1 });
test('comes behind them', () => {});
`,
    'timers.test.js': `import { jest, test } from 'bun:test';
import { stuck } from './rows.js';
test('leaves a step open, and its timers mocked', () => {
  jest.useFakeTimers();
  void stuck().next();
});
void stuck().next();
test('leaves its timers mocked', () => void jest.useFakeTimers());
`,
    'plain.test.js': "import { test } from 'bun:test';\ntest('is plain', () => {});\n",
  });
  project.install('asyncgen-hooks', packageRoot, PUBLISHED);
  afterAll(() => project[Symbol.dispose]());

  const PRELOAD = ['--preload', 'asyncgen-hooks/bun-test'];
  const run = (args: string[], flags = PRELOAD): Promise<string> => {
    const { NODE_OPTIONS: _, FORCE_COLOR: __, ...env } = process.env;
    const files = args.map((name) => `./${name}.test.js`);
    const child = spawn(bun!, ['test', ...flags, ...files], {
      cwd: project.root,
      env: { ...env, NO_COLOR: '1', CI: undefined, GITHUB_ACTIONS: undefined },
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    return new Promise((resolve, reject) => {
      child.on('error', reject).on('close', () => resolve(said));
    });
  };

  /** What Bun said of each test, by its name: how it ended, and what stands in front of that. */
  const verdicts = (said: string): Record<string, [verdict: string, text: string]> => {
    const found = said.matchAll(/([^]*?)^\((pass|fail|skip|todo)\) (?:.* > )?(.*?)(?: \[.*)?$/gm);
    return Object.fromEntries(
      [...found].map(([, text, verdict, name]) => [name!, [verdict!, text!]]),
    );
  };

  test('with --bail, nothing runs behind a test that leaves a generator open', async () => {
    const said = await run(['bail'], [...PRELOAD, '--bail']);
    expect(verdicts(said)).toMatchObject({ 'leaves its rows open': ['fail', expect.anything()] });
    expect(said).toMatch(/Bailed out after 1 failure/);
    expect(said).not.toMatch(/comes behind it/);
  });

  test('tests fail that leave a generator open, and no other', async () => {
    const said = await run(['tests', 'concurrent']);
    const found = verdicts(said);
    for (const [title, count] of Object.entries(RESULTS))
      expect([title, found[title]![0]]).toEqual([title, count === 0 ? 'pass' : 'fail']);
    const [verdict, text] = found['fails by itself, and leaves its rows open']!;
    expect(verdict).toBe('fail');
    expect(text).toMatch(/Expected values to be strictly equal[^]*the test left 1 async generator/);
    // What no hook of Bun tells the test of.
    expect(found['(unnamed)']![1]).toMatch(
      /the run left 2 async generators open\.[^]*first iterated at (?:tests|concurrent)\.test\.js/,
    );
    expect(found['leaves its rows open at the same time']![0]).toBe('pass');
  });

  test('a test ends behind what it has put to its end', async () => {
    const said = await run(['finished']);
    const ended = Object.entries(verdicts(said)).map(([title, [verdict]]) => [title, verdict]);
    expect(ended).toEqual([
      ['closes its rows when it has finished', 'pass'],
      ['leaves its rows open', 'fail'],
      ['leaves rows open the first time (attempt 2)', 'pass'],
      ['comes behind them', 'pass'],
    ]);
    expect(said).toMatch(/^ 3 pass\n 1 fail$/m);
  });

  test('mocked timers change nothing', async () => {
    const said = await run(['timers']);
    const found = verdicts(said);
    expect(found['leaves a step open, and its timers mocked']).toEqual([
      'fail',
      expect.stringMatching(/left 1 async generator open\.[^]*stuck \(rows\.js:12:8\)/),
    ]);
    expect(found['leaves its timers mocked']![0]).toBe('pass');
    expect(said).toMatch(/the run left 1 async generator open\./);
    expect(said).not.toMatch(/timed out/);
  });

  test('each ends with the right verdict, at the right place', async () => {
    const said = await run(['edges']);
    const found = verdicts(said);
    for (const title of EDGES_PASS) expect([title, found[title]![0]]).toEqual([title, 'pass']);
    for (const [title, says] of edgesLeft(edges, 'edges.test.js')) {
      expect([title, found[title]![0]]).toEqual([title, 'fail']);
      // Behind a hook that fails Bun calls no other one of the test: a warning tells of it.
      expect(title.includes('afterEach that fails') ? said : found[title]![1]).toMatch(says);
    }
    expect(found['fails as it is to, and leaves nothing open']![0]).toBe('pass');
    expect(found['is to fail, and does not']![0]).toBe('fail');
    const [verdict, text] = found['fails as it is to, and leaves its rows open']!;
    expect([verdict, text]).toEqual(['pass', expect.stringMatching(/left 1 async generator open/)]);
    expect(found['is to fail, and leaves its rows open']![0]).toBe('fail');
    expect(found['is not written yet']![0]).toBe('todo');
  });

  test('prints of tests that leave nothing open what it prints without us', async () => {
    const [ours, theirs] = await Promise.all([run(['healthy']), run(['healthy'], [])]);
    const plain = (said: string): string =>
      normalised(said, project.root).replace(/\[[\d.]+m?s\]|<time>/g, '');
    expect(ours).toMatch(/1 pass\n 1 skip\n 2 fail/);
    expect(plain(ours)).toBe(plain(theirs));
  });

  test('a run in which nothing was compiled says so', async () => {
    const said = await run(['plain']);
    expect(said.match(/no code with async generators was compiled in this run/g)).toHaveLength(1);
  });
});
