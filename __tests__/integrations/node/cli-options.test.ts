import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { app, closing, report } from './support/app.js';
import { NodeProject, readTable } from './support/node-project.js';

let project: NodeProject;

beforeAll(() => {
  project = new NodeProject({ 'app.mjs': app });
});
afterAll(() => {
  const { runs } = project;
  project[Symbol.dispose]();
  expect(runs).toEqual([]);
});

test('--fail-on-leak', async () => {
  const leaky = await project.command(['--fail-on-leak', 'app.mjs']);
  expect(leaky).toMatchObject({ code: 1, stdout: `ready []\n${closing}` });
  expect(await project.command(['--fail-on-leak', 'app.mjs', 'exit'])).toMatchObject({ code: 5 });
  project.write({
    'tight.mjs':
      'async function* tight() { yield 1; }\nfor await (const _ of tight()) break;\ntight();\n',
  });
  expect(await project.command(['--fail-on-leak', 'tight.mjs'])).toMatchObject({ code: 0 });
});

test('--shutdown-timeout: 0 closes nothing, and one that hangs is told of', async () => {
  const none = await project.command(['--shutdown-timeout', '0', 'app.mjs']);
  // The tracker closes what was abandoned either way.
  expect(none.stdout).toBe('ready []\ndropped is closed\n');
  expect(readTable(none.stderr)).toEqual(report);
  project.write({
    'stuck.mjs': `async function* stuck() { try { yield 1; } finally { await new Promise(() => {}); } }
        globalThis.held = stuck(); await held.next();`,
  });
  const stuck = await project.command(['--shutdown-timeout', '20', 'stuck.mjs']);
  expect(stuck.stderr).toMatch(
    /^1 still open {2}stuck {2}stuck\.mjs:1\n {2}parked at stuck\.mjs:1 for \d+ ms\n.*\n {2}did not close in time/m,
  );
  expect(stuck.code).toBe(0);
});

test('--shutdown-timeout: Infinity is as good as none, in child processes, too', async () => {
  project.write({
    'parent.mjs': `import { fork } from 'node:child_process';
        fork('held.mjs').on('exit', (code) => console.log('exit', code));`,
    'held.mjs': `async function* held() { try { yield 1; } finally { console.log('closed'); } }
        globalThis.held = held(); await globalThis.held.next();`,
  });
  const args = ['--shutdown-timeout', 'Infinity', 'parent.mjs'];
  expect(await project.command(args)).toMatchObject({ stdout: 'closed\nexit 0\n', code: 0 });
});

test('--include and --exclude', async () => {
  project.write({
    'tree/main.mjs': `import './a.mjs';\nimport './b.mjs';\n`,
    'tree/a.mjs': 'async function* a() {}\na();\n',
    'tree/b.mjs': 'async function* b() {}\nb();\n',
  });
  const names = async (...flags: string[]): Promise<unknown[]> => {
    const { stderr } = await project.command([...flags, 'tree/main.mjs']);
    return readTable(stderr).map(({ generator }) => generator);
  };
  expect(await names('--include', 'tree/a*')).toEqual(['a']);
  expect(await names('--include', 'tree/a*', '--include', 'tree/b*')).toEqual(['a', 'b']);
  expect(await names('--exclude', 'tree/a*')).toEqual(['b']);
});

test('--help and --version', async () => {
  const help = await project.command(['--help']);
  expect(help).toMatchObject({ code: 0, stderr: '' });
  for (const option of [
    '--json',
    '--trace',
    '--shutdown-timeout',
    '--fail-on-leak',
    '--include',
    '--exclude',
    'compile',
  ])
    expect(help.stdout).toContain(option);
  const { version } = project.readJson('node_modules/asyncgen-hooks/package.json');
  expect(await project.command(['-v'])).toMatchObject({ stdout: `${version}\n`, code: 0 });
});

test.each([['--help'], ['explain', 'app.mjs', 'app.mjs']])(
  '%s, and nobody reads it',
  async (...args) => {
    const onStart = ({ stdout }: ChildProcess): void => void stdout!.destroy();
    expect(await project.bin(args, { onStart })).toMatchObject({ code: 0, stderr: '' });
  },
);

test.each<[string, string[], string]>([
  ['no program', [], 'asyncgen-hooks: No program given. Name the file to run.'],
  [
    'an unknown option',
    ['--jsn', 'app.mjs'],
    'asyncgen-hooks: Unknown option "--jsn". Did you mean "--json"? The options are --json,',
  ],
  [
    'an option that is near to none',
    ['--foo', 'app.mjs'],
    'asyncgen-hooks: Unknown option "--foo". The options are --json,',
  ],
  ['a wrong number', ['--shutdown-timeout', 'soon', 'app.mjs'], 'Pass a number, 0 or more.'],
  [
    'an option without its value',
    ['--json'],
    'option "--json" has no value. Pass one: --json=<file>.',
  ],
  [
    'another option in its place',
    ['--json', '--all', 'app.mjs'],
    'option "--json" has no value. Pass one: --json=<file>.',
  ],
  [
    'a flag with a value',
    ['--fail-on-leak=no', 'app.mjs'],
    'option "--fail-on-leak" takes no value.',
  ],
  [
    'a file that cannot be written',
    ['--json', 'none/x.json', 'app.mjs'],
    'asyncgen-hooks/node: Cannot write --json none/x.json',
  ],
])('%s is told of before the program runs', async (_, args, text) => {
  const end = await project.command(args);
  expect(end).toMatchObject({ code: 1, stdout: '' });
  expect(end.stderr).toContain(text);
});
