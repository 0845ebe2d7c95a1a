import { join } from 'node:path';
import { symlinkSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../environments/support/project.js';
import { NodeProject, readTable, type End } from './support/node-project.js';

const LEAKS = `export async function* rows() { yield 1; }\nawait (globalThis.held = rows()).next();\n`;
const FAILS = 'asyncgen-hooks: the run fails: ';
const NO_FILE = `${FAILS}no file was watched (--pass-with-no-files lets that pass).\n`;
const LOWERED = `var _wrapAsyncGenerator2 = { default: (body) => body };
const rows = (0, _wrapAsyncGenerator2.default)(function* () { yield 1; });\nrows().next();\n`;

const check = (project: NodeProject, ...args: string[]): Promise<End> =>
  project.command(['--fail-on-leak', ...args]);

describe('a run that watched no file fails', () => {
  test('where --include names none, and says which file it leaves out', async () => {
    using project = new NodeProject({ 'app.mjs': LEAKS });
    const end = await check(project, '--include', 'src/**', 'app.mjs');
    expect(end).toMatchObject({
      code: 1,
      stderr: `
asyncgen-hooks: --include src/**: it matched no file that was loaded.
asyncgen-hooks: not watched: app.mjs (left out by --include, --exclude or the configuration).
asyncgen-hooks: no file was watched.
${NO_FILE}`,
    });
    // Without the flag the exit code is the program's own.
    expect(await project.command(['--include', 'src/**', 'app.mjs'])).toMatchObject({ code: 0 });
    const flag = '--pass-with-no-files';
    expect(await check(project, flag, '--include', 'src/**', 'app.mjs')).toMatchObject({ code: 0 });
    // It is no leave to leak.
    expect(await check(project, flag, 'app.mjs')).toMatchObject({ code: 1 });
  });

  test('where all that runs is a dependency', async () => {
    using project = new NodeProject({ 'node_modules/lib/main.mjs': LEAKS });
    const { code, stderr } = await check(project, 'node_modules/lib/main.mjs');
    expect(stderr).toContain(
      'not watched: node_modules/lib/main.mjs (a dependency; name its package in --deps to watch it).',
    );
    expect(code).toBe(1);
  });

  test('one whose files hold no async generator passes, and says so', async () => {
    using project = new NodeProject({ 'nothing.cjs': 'console.log(1);\n' });
    expect(await check(project, 'nothing.cjs')).toEqual({
      stdout: '1\n',
      stderr: '\nasyncgen-hooks: the files that were watched hold no async generator.\n',
      code: 0,
      signal: null,
    });
  });

  test('one whose generators nobody calls passes', async () => {
    using project = new NodeProject({ 'app.cjs': 'async function* rows() {}\n' });
    const { code, stderr } = await check(project, 'app.cjs');
    expect(stderr).toContain('no async generator of a compiled file was called.');
    expect(code).toBe(0);
  });

  test('files of workers and children count', async () => {
    using project = new NodeProject({
      'node_modules/run/main.cjs': `const { Worker } = require('worker_threads');
        const file = process.cwd() + '/part.mjs';
        if (process.argv[2]) require('child_process').fork(file); else new Worker(file);`,
      'part.mjs': 'console.log(1);\n',
    });
    for (const args of [[], ['fork']]) {
      const end = await check(project, 'node_modules/run/main.cjs', ...args);
      expect(end).toMatchObject({ stdout: '1\n', code: 0 });
    }
  });
});

test('a glob finds a dependency where pnpm puts it', async () => {
  const place = 'node_modules/.pnpm/lib@1.0.0/node_modules/lib';
  using project = new NodeProject({
    [`${place}/package.json`]: { name: 'lib', exports: './index.mjs' },
    [`${place}/index.mjs`]: LEAKS,
    'app.mjs': `import 'lib';\n`,
  });
  symlinkSync('.pnpm/lib@1.0.0/node_modules/lib', join(project.root, 'node_modules/lib'));
  const { code, stderr } = await check(project, '--include', 'node_modules/lib/**', 'app.mjs');
  expect(readTable(stderr)).toEqual([expect.objectContaining({ place: `${place}/index.mjs:1` })]);
  expect(code).toBe(1);
});

describe('what was lowered before', () => {
  test('fails the run, and is told of in each run, once', async () => {
    using project = new NodeProject({
      'a.cjs': `${LOWERED}require('./b.cjs');\nnew (require('worker_threads').Worker)('./b.cjs');\n`,
      'b.cjs': `${LOWERED}`,
    });
    for (let run = 0; run < 2; run++) {
      const { code, stderr } = await check(project, 'a.cjs');
      expect(stderr).toMatch(/\[ERR_ASYNCGEN_LOWERED\].*a\.cjs, its async generators were lowered/);
      expect(stderr.split('ERR_ASYNCGEN_LOWERED')).toHaveLength(2);
      expect(stderr).toContain('not watched: a.cjs');
      expect(stderr).toContain(
        '(lowered before it was loaded; have that tool emit ES2018 or newer)',
      );
      expect(code).toBe(1);
    }
    const left = await check(project, '--exclude', '*.cjs', '--pass-with-no-files', 'a.cjs');
    expect(left.stderr).not.toContain('ERR_ASYNCGEN_LOWERED');
  });

  test('is told of by register, as CommonJS and as a module', async () => {
    using project = new NodeProject({ 'a.cjs': LOWERED, 'b.mjs': LOWERED });
    for (const file of ['a.cjs', 'b.mjs', 'a.cjs'])
      expect((await project.register(file)).stderr).toMatch(
        new RegExp(`\\[ERR_ASYNCGEN_LOWERED\\].*${file}, its`),
      );
  });

  test('is told of by compile', async () => {
    using project = new NodeProject({ 'src/a.cjs': LOWERED });
    const { stderr } = await project.command(['compile', 'src', '-d', 'dist']);
    expect(stderr).toMatch(/\[ERR_ASYNCGEN_LOWERED\].*a\.cjs, its/);
  });
});

describe('what was not watched is named with its reason', () => {
  test('what cannot be read', async () => {
    using project = new NodeProject({
      'main.cjs': `import('./lib.mjs').catch(() => {});`,
      'lib.mjs': `${LEAKS}let let = 1;`,
    });
    const { code, stderr } = await check(project, 'main.cjs');
    expect(stderr).toContain('not watched: lib.mjs (it does not compile, see the warning).');
    expect(code).toBe(1);
  });

  test('what was loaded where no hook of ours is', async () => {
    using project = new NodeProject({
      'early.cjs': 'exports.rows = async function* () { yield 1; };\n',
      'main.cjs': `(globalThis.held = require('./early.cjs').rows()).next();\n`,
    });
    const bin = 'node_modules/asyncgen-hooks/dist/bin.cjs';
    const { code, stderr } = await project.start([
      ...['--require', './early.cjs', bin],
      ...['--fail-on-leak', 'main.cjs'],
    ]);
    expect(stderr).toContain('not watched: early.cjs (loaded by Node in a way');
    expect(code).toBe(1);
  });

  test.each([
    ['vm.Script', 'new vm.Script(text, { filename }).runInThisContext();'],
    ['vm.compileFunction', 'vm.compileFunction(text, [], { filename })();'],
    ['vm.runInThisContext', 'vm.runInThisContext(text, filename);'],
    ['vm.runInNewContext', 'vm.runInNewContext(text, {}, { filename });'],
  ])('what a test runner runs by %s', async (_, call) => {
    using project = new NodeProject({
      'main.mjs': `import * as vm from 'node:vm';
        const filename = import.meta.dirname + '/a.test.js';
        const text = 'async function* rows() { yield 1; } rows().next();';
        ${call}`,
    });
    const { code, stderr } = await check(project, 'main.mjs');
    expect(stderr).toContain('not watched: a.test.js (run by node:vm, as test runners do;');
    expect(stderr).toContain(`${FAILS}what may have async generators was not watched.`);
    expect(code).toBe(1);
  });

  test.each([
    ['spawn', `spawn(process.execPath, ['part.cjs'], { env: {} });`],
    ['fork', `fork('part.cjs', { env: {} });`],
    ['execFile', `execFile(process.execPath, ['part.cjs'], { env: {} }, () => {});`],
    ['execFileSync', `execFileSync(process.execPath, ['part.cjs'], { env: {} });`],
    ['spawnSync', `spawnSync('node', ['part.cjs'], { env: { PATH } });`],
  ])('a Node process without our flag, by %s', async (_, call) => {
    using project = new NodeProject({
      'main.mjs': `import { execFile, execFileSync, fork, spawn, spawnSync } from 'node:child_process';
        const { PATH } = process.env;
        ${call}`,
      'part.cjs': '',
    });
    const { code, stderr } = await check(project, 'main.mjs');
    expect(stderr).toContain(
      'not watched: node part.cjs (a Node process that was started without NODE_OPTIONS).',
    );
    expect(code).toBe(1);
  });

  test('a process of another runtime', async () => {
    using project = new NodeProject({
      'main.cjs': `require('child_process').spawn('bun', ['x.ts']).on('error', () => {});`,
    });
    const { stderr } = await check(project, 'main.cjs');
    expect(stderr).toContain('not watched: bun x.ts (a process of another runtime).');
  });
});

describe('test runners that load files themselves', () => {
  const spec = `async function* rows() { yield 1; }\n`;
  const body = `('leaks', async () => { await (globalThis.held = rows()).next(); });\n`;

  test('Jest', async () => {
    using project = new NodeProject({
      'package.json': { jest: { transform: {} } },
      'a.test.js': `${spec}test${body}`,
    });
    project.link('jest', join(packageRoot, 'node_modules/jest'));
    const { code, stderr } = await check(project, 'node_modules/jest/bin/jest.js');
    expect(stderr).toContain('1 passed');
    expect(stderr).toContain('not watched: a.test.js (run by node:vm');
    expect(code).toBe(1);
  });

  test('Vitest', async () => {
    using project = new NodeProject({
      'vitest.config.mjs': 'export default { test: { globals: true } };\n',
      'a.test.js': `${spec}test${body}`,
    });
    project.link('vitest', join(packageRoot, 'node_modules/vitest'));
    const { code, stderr, stdout } = await check(project, 'node_modules/vitest/vitest.mjs', 'run');
    expect(stdout).toContain('1 passed');
    expect(stderr).toContain('not watched: a.test.js (run by node:vm');
    expect(code).toBe(1);
  });

  test('Mocha with ES modules', async () => {
    using project = new NodeProject({
      'test/rows.spec.mjs': `${spec}it${body}`,
      'test/gens.mjs': '',
    });
    project.link('mocha', join(packageRoot, 'node_modules/mocha'));
    const { code, stderr } = await check(project, 'node_modules/mocha/bin/mocha.js', 'test/*.mjs');
    expect(stderr).toMatch(/1 still open|rows\.spec\.mjs \(loaded by Node/);
    expect(code).toBe(1);
  });
});
