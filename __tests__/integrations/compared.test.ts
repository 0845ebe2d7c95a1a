/** What docs/compared-with.md says of other tools. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { fileOf, page } from '../helpers/docs.js';
import { packageRoot } from '../environments/support/project.js';
import { NodeProject } from './node/support/node-project.js';
import { deno, runtimes } from './support/runtimes.js';

const project = new NodeProject({
  'generators.cjs': fileOf('compared-with.md', 'generators.cjs'),
});
for (const name of ['jest', 'vitest']) project.link(name, join(packageRoot, 'node_modules', name));
afterAll(() => project[Symbol.dispose]());

/** All that it prints, without colours. */
function run(file: string, ...args: string[]): string {
  const env = { ...process.env, NODE_OPTIONS: undefined, JEST_WORKER_ID: undefined };
  const { stdout, stderr } = spawnSync(file, args, {
    cwd: project.root,
    encoding: 'utf8',
    env: { ...env, NO_COLOR: '1', FORCE_COLOR: undefined, CI: 'true', GITHUB_ACTIONS: undefined },
  });
  return stdout + stderr;
}

const NAMES = ['rows', 'ticks'] as const;

test('asyncgen-hooks names both, and runs their finally blocks', async () => {
  for (const name of NAMES) {
    // The timer keeps the process until somebody ends it.
    const end =
      name === 'ticks' ? `setTimeout(() => process.kill(process.pid, 'SIGTERM'), 20);` : '';
    project.write({ 'main.cjs': `require('./generators.cjs').${name}().next();\n${end}` });
    const { stdout, stderr } = await project.bin(['main.cjs']);
    expect(stderr).toContain(`  ${name}  generators.cjs:`);
    expect(stderr).toMatch(/parked at generators\.cjs:\d+/);
    if (name === 'rows') expect(stdout).toBe('closed\n');
  }
});

test('Jest, --detectOpenHandles', () => {
  const found = NAMES.map((name) => {
    project.write({
      'a.test.cjs': `const { ${name} } = require('./generators.cjs');
        test('one step', async () => { await ${name}().next(); });`,
    });
    const jest = join(packageRoot, 'node_modules/jest/bin/jest.js');
    const flags = ['--detectOpenHandles', '--forceExit', '--testMatch', '**/a.test.cjs'];
    const text = run(process.execPath, jest, '--rootDir', '.', ...flags);
    expect(text).toContain('1 passed');
    expect(text).not.toContain('closed');
    return /generators\.cjs:12/.test(text);
  });
  expect(found).toEqual([false, true]);
});

test('Vitest, --detectAsyncLeaks', () => {
  const found = NAMES.map((name) => {
    project.write({
      'a.spec.mjs': `import { test } from 'vitest';
        import { ${name} } from './generators.cjs';
        test('one step', async () => { await ${name}().next(); });`,
    });
    const vitest = join(packageRoot, 'node_modules/vitest/vitest.mjs');
    const text = run(process.execPath, vitest, 'run', '--detectAsyncLeaks', 'a.spec.mjs');
    expect(text).toContain('1 passed');
    expect(text).not.toContain('closed');
    return /generators\.cjs:12/.test(text);
  });
  expect(found).toEqual([false, true]);
});

const why = join(runtimes, 'node_modules/why-is-node-running');
const testWhy = existsSync(why) || process.env['CI'] ? test : test.skip;
testWhy('why-is-node-running', () => {
  project.link('why-is-node-running', why);
  const found = NAMES.map((name) => {
    project.write({
      'main.mjs': `import why from 'why-is-node-running';
        import { ${name} } from './generators.cjs';
        await ${name}().next();
        why();
        process.exit();`,
    });
    const text = run(process.execPath, 'main.mjs');
    expect(text).not.toContain('closed');
    return /generators\.cjs:12/.test(text);
  });
  expect(found).toEqual([false, true]);
});

const describeDeno = deno === undefined && !process.env['CI'] ? describe.skip : describe;
describeDeno('Deno', () => {
  const find = (options: string): boolean[] =>
    NAMES.map((name) => {
      project.write({
        'a_test.ts': `import generators from './generators.cjs';
          Deno.test({ name: 'one step', ${options} fn: async () => { await generators.${name}().next(); } });`,
      });
      const text = run(deno!, 'test', '-A', '--no-check', 'a_test.ts');
      expect(text).not.toContain('closed');
      return /An interval was started/.test(text);
    });

  test('with both sanitizers', () => {
    expect(find('sanitizeOps: true, sanitizeResources: true,')).toEqual([false, true]);
  });

  test('as it comes', () => {
    expect(find('')).toEqual([false, false]);
  });
});

const hasPython = spawnSync('python3', ['--version']).status === 0;
const testPython = hasPython ? test : test.skip;
testPython('Python: asyncio closes it, and says nothing', () => {
  project.write({
    'main.py': `import asyncio
async def rows():
    try:
        yield 1
    finally:
        print('closed')
async def main():
    await anext(rows())
    await asyncio.sleep(0.1)
asyncio.run(main())
`,
  });
  expect(run('python3', 'main.py')).toBe('closed\n');
});

test('the page names the versions that are tested', () => {
  const versionOf = (folder: string, parts: number): string => {
    const { version } = require(join(folder, 'package.json')) as { version: string };
    return version.split('.').slice(0, parts).join('.');
  };
  const modules = join(packageRoot, 'node_modules');
  const text = page('compared-with.md');
  expect(text).toContain(`Jest ${versionOf(join(modules, 'jest'), 1)},`);
  expect(text).toContain(`Vitest ${versionOf(join(modules, 'vitest'), 2)},`);
  const { dependencies } = require(join(runtimes, 'package.json')) as {
    dependencies: Record<string, string>;
  };
  for (const [title, name] of [
    ['why-is-node-running', 'why-is-node-running'],
    ['Deno', 'deno'],
  ] as const)
    expect(text).toContain(`${title} ${dependencies[name]!.split('.').slice(0, 2).join('.')}`);
});
