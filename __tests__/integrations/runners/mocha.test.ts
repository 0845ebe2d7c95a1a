import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { packageRoot, Project, PUBLISHED } from '../../environments/support/project.js';
import {
  EDGES_PASS,
  edgesFileLeft,
  edgesLeft,
  normalised,
  RESULTS,
  rows,
  testsFor,
} from './support/programs.js';

const { tests, healthy, edges } = testsFor(
  `import { equal } from 'node:assert/strict';
const callback = (fn) => fn;
const [test, suite, beforeAll] = [it, describe, before];
const timed = (title, ms, fn) => it(title, fn).timeout(ms);
const failing = () => {};
const todo = (title) => it(title);`,
);

const project = new Project({
  'package.json': { type: 'module' },
  'rows.js': rows,
  'tests.test.js': tests,
  'healthy.test.js': healthy,
  'edges.test.js': edges,
  'bail.test.js': `import { rows } from './rows.js';
it('is clean', () => {});
it('leaves its rows open', async () => { await rows('left').next(); });
it('comes behind it', () => {});
describe('behind it', () => { it('comes much later', () => {}); });
`,
  'timers.test.js': `import { rows } from './rows.js';
// As those of a test that mocks them, and does not put them back.
before(() => { for (const name of ['setImmediate', 'setTimeout', 'queueMicrotask']) globalThis[name] = () => {}; });
it('leaves its rows open', async () => { await rows('left').next(); });
describe('a hook', () => {
  afterEach(async () => { await rows('hook').next(); });
  it('leaves those of its hook open', () => {});
});
describe('behind', () => { it('comes behind them', () => {}); });
`,
  'global.mjs': `import { rows } from './rows.js';
let opened;
export async function mochaGlobalSetup() {
  opened = rows('global');
  await opened.next();
}
export async function mochaGlobalTeardown() {
  console.error((await opened.next()).value);
}
`,
  'retried.test.js': `import { rows } from './rows.js';
let [tries, hooks] = [0, 0];
describe('retried', function () {
  this.retries(1);
  afterEach(async () => { if (hooks++ === 0) await rows('hook').next(); });
  it('leaves its rows open the first time', async () => { if (tries++ === 0) await rows('test').next(); });
});
`,
});
const modules = join(packageRoot, 'node_modules');
for (const name of readdirSync(modules).filter((each) => /^[@\w]/.test(each) && each !== 'mocha'))
  project.link(name, join(modules, name));
// What --require names is looked for beside Mocha.
project.install('mocha', join(modules, 'mocha')).install('asyncgen-hooks', packageRoot, PUBLISHED);
afterAll(() => project[Symbol.dispose]());

const REQUIRE = ['--require', 'asyncgen-hooks/mocha'];
const run = (...args: string[]) => project.run('node_modules/mocha/bin/mocha.js', ...args);

describe('Mocha', () => {
  interface Results {
    readonly passes: { title: string }[];
    readonly failures: { title: string; err: { message: string; stack: string } }[];
  }
  const resultsOf = async (file: string): Promise<Results> =>
    JSON.parse((await run(...REQUIRE, '--reporter=json', file)).stdout);
  const json = resultsOf('tests.test.js');

  test('tests fail that leave a generator open, and no other', async () => {
    const failed = (await json).failures.map(({ title }) => title);
    const count = (title: string): number => failed.filter((each) => each === title).length;
    for (const [title, times] of Object.entries(RESULTS))
      expect([title, count(title)]).toEqual([title, times]);
    expect(count('fails by itself, and leaves its rows open')).toBe(2);
  });

  test('with --bail, nothing runs behind a test that leaves a generator open', async () => {
    const { stdout } = await run(...REQUIRE, '--bail', '--reporter=json', 'bail.test.js');
    const { passes, failures, tests } = JSON.parse(stdout) as Results & { tests: object[] };
    expect(passes.map(({ title }) => title)).toEqual(['is clean']);
    expect(failures.map(({ title }) => title)).toEqual(['leaves its rows open']);
    expect(tests).toHaveLength(2);
  });

  test('the message has the function, the yield, the first step, and code', async () => {
    const { failures } = await json;
    const line = tests.split('\n').findIndex((text) => text.includes('await left.next()')) + 1;
    const { message, stack } = failures.find(({ title }) => title === 'leaves its rows open')!.err;
    expect(message).toMatch(
      new RegExp(
        `rows \\(rows\\.js:1:8\\) is parked at rows\\.js:5, after 1 item; first iterated at tests\\.test\\.js:${line}:21\\.[^]*` +
          '> 5 \\|       yield `',
      ),
    );
    expect(stack).toMatch(new RegExp(`tests\\.test\\.js:${line}:21`));
  });

  test('what before() began is told when all tests have ended', async () => {
    const { failures } = await json;
    const [file, ...others] = failures.filter(({ err }) => err.message.includes('the run left'));
    expect(others).toEqual([]);
    expect(file!.err.message).toMatch(/1 async generator open[^]*after 2 items/);
    expect(file!.title).toMatch(/^"after all" hook/);
  });

  test('prints of tests that leave nothing open what it prints without us', async () => {
    const outputs: string[] = [];
    for (const flags of [REQUIRE, []]) {
      const { stdout, stderr } = await run(...flags, 'healthy.test.js');
      outputs.push(
        normalised(stdout + stderr, project.root).replace(/^ +at .*node_modules.*\n/gm, ''),
      );
    }
    expect(outputs[0]).toMatch(/1 passing[^]*1 pending[^]*2 failing/);
    expect(outputs[0]).toBe(outputs[1]);
  });

  test('each test ends with the right verdict, at the right place', async () => {
    const { passes, failures } = await resultsOf('edges.test.js');
    expect(passes.map(({ title }) => title)).toEqual(expect.arrayContaining([...EDGES_PASS]));
    for (const [title, says] of edgesLeft(edges, 'edges.test.js')) {
      const said = failures.filter((each) => each.title === title).map(({ err }) => err.message);
      // That of a hook is the hook's. Of a test that fails twice this reporter shows the first error twice.
      const isLate = title.startsWith('takes too long');
      expect(said).toHaveLength(isLate ? 2 : 1);
      expect(said[0]).toMatch(isLate ? /^Timeout of 100ms/ : says);
    }
    const others = failures.filter(({ title }) => EDGES_PASS.includes(title));
    expect(others).toEqual([]);
    const [run, ...more] = failures.filter(({ err }) => err.message.includes('the run left'));
    expect(more).toEqual([]);
    expect(run!.err.message).toMatch(edgesFileLeft(edges, 'edges.test.js', 'the run'));
  });

  test('a test that is tried again passes if it leaves nothing open then', async () => {
    const { passes, failures } = await resultsOf('retried.test.js');
    expect(passes.map(({ title }) => title)).toEqual(['leaves its rows open the first time']);
    expect(failures).toEqual([]);
  });

  test('what is open between the global fixtures is theirs', async () => {
    const { stdout, stderr } = await run(...REQUIRE, '--require=./global.mjs', 'retried.test.js');
    expect(stdout).toMatch(/1 passing/);
    expect(stdout).not.toMatch(/failing/);
    expect(stderr).toBe('global 2\n');
  });

  test('mocked timers change nothing', async () => {
    const { passes, failures } = await resultsOf('timers.test.js');
    const titles = ['leaves its rows open', 'leaves those of its hook open'];
    expect(failures.map(({ title }) => title)).toEqual(titles);
    expect(passes.at(-1)!.title).toBe('comes behind them');
  });

  test('a run in which nothing was compiled says so', async () => {
    project.write({ 'asyncgen-hooks.config.json': { include: 'src/**' } });
    try {
      const { stdout, stderr } = await run(...REQUIRE, 'retried.test.js');
      expect(stdout).toMatch(/1 passing/);
      expect(stderr.match(/no code with async generators was compiled in this run/g)).toHaveLength(
        1,
      );
    } finally {
      project.write({ 'asyncgen-hooks.config.json': {} });
    }
  });

  test('the same in parallel', async () => {
    const { stdout } = await run(...REQUIRE, '--parallel', 'tests.test.js', 'healthy.test.js');
    expect(stdout).toMatch(/5 passing[^]*2 pending[^]*8 failing/);
  });
});
