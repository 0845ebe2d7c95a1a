import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { packageRoot, Project, PUBLISHED } from '../../environments/support/project.js';
import { normalised, RESULTS, rows, testsFor } from './support/programs.js';

const { tests, healthy } = testsFor(
  `import { equal } from 'node:assert/strict';
const callback = (fn) => fn;
const [test, suite, beforeAll] = [it, describe, before];`,
);

const project = new Project({
  'package.json': { type: 'module' },
  'rows.js': rows,
  'tests.test.js': tests,
  'healthy.test.js': healthy,
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
  const json = run(...REQUIRE, '--reporter=json', 'tests.test.js').then(({ stdout }) => {
    return JSON.parse(stdout) as {
      tests: { title: string; err: { message?: string; stack?: string } }[];
      failures: { title: string; err: { message: string; stack: string } }[];
    };
  });

  test('tests fail that leave a generator open, and no other', async () => {
    const failed = (await json).failures.map(({ title }) => title);
    const count = (title: string): number => failed.filter((each) => each === title).length;
    for (const [title, times] of Object.entries(RESULTS))
      expect([title, count(title)]).toEqual([title, times]);
    expect(count('fails by itself, and leaves its rows open')).toBe(2);
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
    const [file, ...others] = failures.filter(({ err }) => err.message.includes('the file left'));
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

  test('the same in parallel', async () => {
    const { stdout } = await run(...REQUIRE, '--parallel', 'tests.test.js', 'healthy.test.js');
    expect(stdout).toMatch(/5 passing[^]*2 pending[^]*8 failing/);
  });
});
