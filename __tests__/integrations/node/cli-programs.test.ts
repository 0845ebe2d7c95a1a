import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { esm, use } from './support/modules.js';
import { NodeProject, readTable } from './support/node-project.js';

const shell = '#!/bin/sh\nexec node  "$basedir/../somewhere/cli.js" "$@"\n';
const told = 'console.log(process.argv.slice(2).join());\n';

test('what node would run: a file without its extension, a folder', async () => {
  using project = new NodeProject({ 'app.js': told, 'folder/index.js': told });
  for (const program of ['app.js', 'app', './app', 'folder', join('folder', 'index')])
    expect(await project.command([program, 'a'])).toMatchObject({ stdout: 'a\n', code: 0 });
});

test('., whose package names its main file', async () => {
  using project = new NodeProject({
    'package.json': { type: 'module', main: 'src/app.js' },
    'src/app.js': esm('rows', use('rows')),
  });
  const { stderr, code } = await project.command(['.']);
  expect([readTable(stderr).map(({ place }) => place), code]).toEqual([['src/app.js:1'], 0]);
});

test.each([
  ['none.mjs', 'none.mjs is neither a file nor a command of node_modules/.bin.'],
  ['mocka', 'mocka is neither a file nor a command of node_modules/.bin.'],
  ['./none.mjs', 'No such file: ./none.mjs. Check its path.'],
  ['.', '. is a folder without a main file. Name the file to run.'],
  ['empty', 'empty is a folder without a main file. Name the file to run.'],
  ['./empty', './empty is a folder without a main file. Name the file to run.'],
])('%s is told of before anything runs', async (program, text) => {
  using project = new NodeProject({ 'empty/none.txt': '', 'node_modules/.bin/tool': shell });
  const { stderr, stdout, code } = await project.command(['--json', 'report.json', program]);
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
  expect(stderr).toContain(`asyncgen-hooks: ${text}`);
  expect(stderr.split('\n')).toHaveLength(3);
  expect(() => project.read('report.json')).toThrow();
});

describe('node and package managers run as children, which are watched', () => {
  const app = `async function* rows() { yield 1; }
    const held = (globalThis.held = rows()); console.log(process.argv.slice(2).join());
    held.next().then(() => { if (process.argv[2]) process.exitCode = 5; });\n`;

  test('node, with its flags', async () => {
    using project = new NodeProject({ 'app.cjs': app });
    const end = await project.command(['--fail-on-leak', 'node', '--no-warnings', 'app.cjs']);
    expect(end).toMatchObject({ stdout: '\n', code: 1 });
    expect(readTable(end.stderr)).toHaveLength(1);
    expect(await project.command(['node', 'app.cjs', 'a', 'b'])).toMatchObject({
      stdout: 'a,b\n',
      code: 5,
    });
    expect(project.runs).toEqual([]);
  });

  test('node --test', async () => {
    using project = new NodeProject({
      'a.test.cjs': `async function* rows() { yield 1; }
        require('node:test')('leaks', async () => { await (globalThis.held = rows()).next(); });`,
    });
    const { code, stderr } = await project.command(['--fail-on-leak', 'node', '--test']);
    expect(readTable(stderr)).toEqual([expect.objectContaining({ generator: 'rows' })]);
    expect(code).toBe(1);
  });

  test('npm test', async () => {
    using project = new NodeProject({
      'package.json': { scripts: { test: 'node app.cjs' } },
      'app.cjs': app,
    });
    const env = { PATH: `${dirname(process.execPath)}:${process.env['PATH']}` };
    const { code, stderr } = await project.command(['--fail-on-leak', 'npm', 'test'], { env });
    expect(readTable(stderr)).toHaveLength(1);
    // npm and the command itself load no file of the project.
    expect(stderr).not.toContain('processes');
    expect(code).toBe(1);
  });

  test('npx, a command of the project', async () => {
    using project = new NodeProject({ 'tool.cjs': `#!/usr/bin/env node\n${app}` });
    mkdirSync(join(project.root, 'node_modules/.bin'), { recursive: true });
    chmodSync(join(project.root, 'tool.cjs'), 0o755);
    symlinkSync('../../tool.cjs', join(project.root, 'node_modules/.bin/tool'));
    const env = { PATH: `${dirname(process.execPath)}:${process.env['PATH']}` };
    const args = ['--fail-on-leak', 'npx', '--no', 'tool', 'a'];
    const { code, stdout, stderr } = await project.command(args, { env });
    expect([stdout, code]).toEqual(['a\n', 5]);
    expect(readTable(stderr)).toEqual([expect.objectContaining({ place: 'tool.cjs:2' })]);
  });

  const names = ['SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const;
  test.each(names)('%s goes to the child', async (name) => {
    using project = new NodeProject({
      'app.cjs': `process.on('${name}', () => { console.log('heard'); process.exit(3); });
        setInterval(() => {}, 2 ** 30); console.log('ready');`,
    });
    const end = await project.command(['node', 'app.cjs'], {
      onLine: (line, child) => void (line === 'ready' && child.kill(name)),
    });
    expect(end).toMatchObject({ stdout: 'ready\nheard\n', code: 3 });
  });

  test('one that is not installed is told of', async () => {
    using project = new NodeProject();
    const { code, stderr } = await project.command(['yarn', 'x'], { env: { PATH: '' } });
    expect(stderr).toContain('asyncgen-hooks: Cannot start yarn. Install it.');
    expect(code).toBe(1);
  });
});

test('a file that only a loader knows is left to Node', async () => {
  using project = new NodeProject({
    'loader.mjs': `export const resolve = (url, context, next) => next(url.replace(/known.mjs$/, 'real.mjs'), context);`,
    'add.mjs': `import { register } from 'node:module';\nregister('./loader.mjs', import.meta.url);\n`,
    'real.mjs': told,
  });
  const env = { NODE_OPTIONS: `--import ${join(project.root, 'add.mjs')}` };
  expect(await project.command(['known.mjs', 'a'], { env })).toMatchObject({ stdout: 'a\n' });
});

test('a command of node_modules/.bin that is a link', async () => {
  using project = new NodeProject({
    'node_modules/tool/package.json': {},
    'node_modules/tool/cli.mjs': told,
    'node_modules/.bin/x': '',
    'tool/none.txt': '',
  });
  symlinkSync('../tool/cli.mjs', join(project.root, 'node_modules/.bin/tool'));
  expect(await project.command(['tool', 'a'])).toMatchObject({ stdout: 'a\n', code: 0 });
});

test('commands that are shell scripts there, as with pnpm and on Windows', async () => {
  using project = new NodeProject({
    'node_modules/.bin/same': shell,
    'node_modules/.bin/one': shell,
    'node_modules/.bin/scoped': shell,
    'node_modules/.bin/itself': `#!/usr/bin/env node\n${told}`,
    'node_modules/.bin/strange': shell,
    'node_modules/broken/package.json': '{',
    'node_modules/same/package.json': { name: 'same', bin: './cli' },
    'node_modules/same/cli': `#!/usr/bin/env node\n${told}`,
    'node_modules/one/package.json': { name: 'one' },
    'node_modules/many/package.json': { name: 'many', bin: { one: 'one.js', two: 'two.js' } },
    'node_modules/many/one.js': told,
    'node_modules/@a/scoped/package.json': { name: '@a/scoped', bin: 'cli.mjs' },
    'node_modules/@a/scoped/cli.mjs': told,
    'packages/b/node_modules/.bin/one': shell,
  });
  for (const name of ['same', 'one', 'scoped', 'itself'])
    expect(await project.command([name, name])).toMatchObject({ stdout: `${name}\n`, code: 0 });
  expect(await project.command(['one', 'b'], { cwd: 'packages/b' })).toMatchObject({
    stdout: 'b\n',
  });
  const { stderr, code } = await project.command(['strange']);
  expect(code).toBe(1);
  expect(stderr).toContain(
    'strange is no script for Node, and no package there has a command strange.',
  );
});

test('nothing but this package is needed', async () => {
  using project = new NodeProject(
    {
      'main.mjs': esm('items', use('items')),
      // Not merely missing: a folder above this one may have it.
      'node_modules/@babel/core/package.json': { exports: {} },
    },
    { hasBabel: false },
  );
  const { stdout, stderr, code } = await project.command(['main.mjs']);
  expect({ stdout, code }).toEqual({ stdout: '1\n', code: 0 });
  expect(readTable(stderr)).toMatchObject([{ generator: 'items', place: 'main.mjs:1' }]);
});
