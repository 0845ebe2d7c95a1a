import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { packageRoot } from '../../environments/support/project.js';
import { NodeProject, readTable, type End } from './support/node-project.js';

/** One generator is begun and held, or none is; then `code` runs. */
const held = (code: string): string => `
  async function* rows() { yield 1; }
  (async () => {
    if (process.argv[2] !== 'tight') await (globalThis.held = rows()).next();
    else for await (const _ of rows());
    ${code}
  })();`;
const FAILS = 'asyncgen-hooks: the run fails: ';
let project: NodeProject;

beforeAll(() => {
  project = new NodeProject();
});
afterAll(() => project[Symbol.dispose]());

const run = (code: string, ...args: string[]): Promise<End> => {
  project.write({ 'app.cjs': held(code) });
  return project.command(['--fail-on-leak', 'app.cjs', ...args]);
};

describe('--fail-on-leak fails whatever the program does to its exit code', () => {
  test.each<[string, string]>([
    [
      'a listener for exit that comes later sets it',
      "setImmediate(() => process.on('exit', () => { process.exitCode = 0; }));",
    ],
    ['a listener for exit calls process.exit(0)', "process.on('exit', () => process.exit(0));"],
    [
      'a listener that comes later calls process.exit(0)',
      "setImmediate(() => process.on('exit', () => process.exit(0)));",
    ],
    ['its listeners for exit are removed', "process.removeAllListeners('exit');"],
    ['all its listeners are removed', 'process.removeAllListeners();'],
    [
      'its listeners are removed, and it is ended',
      "process.removeAllListeners('exit'); process.exit(0);",
    ],
    ['process.reallyExit(0)', 'process.reallyExit(0);'],
    ["it is the string '0'", "process.exitCode = '0';"],
    ["process.exit('0')", "process.exit('0');"],
    ['its last byte is 0', 'process.exitCode = 256;'],
    [
      'process.emit is replaced',
      "const { EventEmitter } = require('events'); process.emit = EventEmitter.prototype.emit;",
    ],
    [
      'process.exit is replaced, as test runners do',
      'const { exit } = process; process.exit = () => exit.call(process, 0); process.exit(1);',
    ],
    [
      'exit is emitted by hand before',
      "process.emit('exit', 0); (globalThis.other = rows()).next();",
    ],
  ])('%s', async (_, code) => {
    const leaky = await run(code);
    expect(leaky).toMatchObject({ code: 1, signal: null });
    expect(readTable(leaky.stderr)).toHaveLength(1);
    expect(leaky.stderr.split(FAILS)).toHaveLength(2);
  });

  test.each([
    ["process.on('exit', () => { process.exitCode = 7; });", 7],
    ["process.on('exit', () => process.exit(7));", 7],
    ["process.exitCode = '7';", 7],
    ["setImmediate(() => { throw new Error('own'); });", 1],
  ])("the program's own failure stays: %s", async (code, status) => {
    expect(await run(code)).toMatchObject({ code: status });
  });

  test('and it passes as before without a leak', async () => {
    const end = await run("process.on('exit', () => process.exit(0));", 'tight');
    expect(end).toMatchObject({ code: 0 });
    expect(end.stderr).not.toContain(FAILS);
  });

  test('Mocha, whose listener for exit comes later', async () => {
    project.link('mocha', join(packageRoot, 'node_modules/mocha')).write({
      'test/rows.spec.cjs': `async function* rows() { yield 1; }
        it('leaks', async () => { await (globalThis.held = rows()).next(); });`,
    });
    const args = ['--fail-on-leak', 'node_modules/mocha/bin/mocha.js', 'test/rows.spec.cjs'];
    const end = await project.command(args);
    expect(readTable(end.stderr)).toHaveLength(1);
    expect(end).toMatchObject({ code: 1 });
  });

  test('what node -e evaluates is no file, and nobody saw it', async () => {
    const code = 'async function* rows() { yield 1; } rows().next();';
    const end = await project.command(['--fail-on-leak', 'node', '-e', code]);
    expect(end.code).toBe(1);
    expect(end.stderr).toContain('the run fails: no file was watched');
  });

  test('inside a run that goes on, the first command fails', async () => {
    project.write({
      'app.cjs': held(''),
      'outer.cjs': `const { spawnSync } = require('node:child_process');
        spawnSync(process.execPath, ['node_modules/asyncgen-hooks/dist/bin.cjs', '--fail-on-leak', 'app.cjs'], { stdio: 'inherit' });`,
    });
    expect(await project.command(['outer.cjs'])).toMatchObject({ code: 1 });
  });
});

describe('a lost report fails the run, and is named', () => {
  const child = (after: string): string =>
    `const { once } = require('node:events'); const { fork } = require('node:child_process');
    const fs = require('node:fs'); const run = JSON.parse(process.env.ASYNCGEN_HOOKS_RUN).folder;
    const child = fork('child.cjs'); await once(child, 'message'); ${after}`;
  beforeAll(() => {
    project.write({ 'child.cjs': `setInterval(() => {}, 2 ** 30); process.send('ready');` });
  });

  test('of a child that was killed', async () => {
    const end = await run(child("child.kill('SIGKILL'); await once(child, 'exit');"), 'tight');
    expect(end).toMatchObject({ code: 1 });
    expect(end.stderr).toMatch(/left no report, killed or still running: child\.cjs \(process/);
    expect(end.stderr).toContain(`${FAILS}a report is lost.`);
  });

  test('of a child without listeners', async () => {
    project.write({
      'leaves.cjs': `async function* rows() { yield 1; }
        process.removeAllListeners('exit'); (globalThis.held = rows()).next();`,
    });
    const end = await run(
      "const { once } = require('node:events'); await once(require('child_process').fork('leaves.cjs'), 'exit');",
      'tight',
    );
    expect(readTable(end.stderr)).toHaveLength(2);
    expect(end).toMatchObject({ code: 1 });
  });

  test('of a worker that calls process.exit() nothing is lost', async () => {
    project.write({
      'worker.cjs': `async function* rows() { yield 1; }
        process.removeAllListeners('exit'); (globalThis.held = rows()).next(); process.exit(0);`,
    });
    const end = await run(
      "await require('node:events').once(new (require('node:worker_threads').Worker)('./worker.cjs'), 'exit');",
      'tight',
    );
    expect(readTable(end.stderr)).toHaveLength(2);
    expect(end).toMatchObject({ code: 1 });
  });

  test.each<[string, string, RegExp]>([
    [
      'the folder of the run is gone',
      'fs.rmSync(run, { recursive: true });',
      /lost: the reports of other processes \("ENOENT/,
    ],
    [
      'what a process left cannot be read',
      "fs.writeFileSync(run + '/1.json', '{');",
      /lost: the reports of other processes \(/,
    ],
  ])('%s', async (_, after, text) => {
    const end = await run(
      child(`${after} child.kill('SIGKILL'); await once(child, 'exit');`),
      'tight',
    );
    expect(end.stderr).toMatch(text);
    expect(end.stderr).not.toMatch(/^ {4}at /m);
    expect(end).toMatchObject({ code: 1 });
  });

  // There a write fails as on a full disk.
  (process.platform === 'linux' ? test : test.skip)('the disk is full', async () => {
    project.write({ 'app.cjs': held('') });
    const args = ['--fail-on-leak', '--json', '/dev/full', 'app.cjs', 'tight'];
    const end = await project.command(args);
    expect(end.stderr).toMatch(/lost: --json \/dev\/full cannot be written whole \("ENOSPC/);
    expect(end.stderr).not.toMatch(/^ {4}at /m);
    expect(readTable(end.stderr)).toHaveLength(1);
    expect(end).toMatchObject({ code: 1 });
    const quiet = await project.command(args.slice(1));
    expect(quiet).toMatchObject({ code: 1 });
    expect(quiet.stderr).not.toContain(FAILS);
  });
});
