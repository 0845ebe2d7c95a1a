import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NodeProject, readTable, row, type End } from './support/node-project.js';

const app = readFileSync(join(__dirname, 'programs/app.mjs'), 'utf8');
let project: NodeProject;

beforeAll(() => {
  project = new NodeProject({ 'app.mjs': app });
});
afterAll(() => {
  const { runs } = project;
  project[Symbol.dispose]();
  expect(runs).toEqual([]);
});

const report = [
  row('dropped', 'app.mjs:7', { called: 1, items: 1, abandoned: 1 }),
  row('held', 'app.mjs:15', { called: 1, items: 1, 'still open': 1 }),
  row('fails', 'app.mjs:23', { called: 1, items: 1, failed: 1 }),
  row('unused', 'app.mjs:31', { called: 1, 'never iterated': 1 }),
  row('fine', 'app.mjs:4', { called: 2, items: 6, exhausted: 1, closed: 1 }),
  row('slow', 'app.mjs:27', { called: 1, items: 1, exhausted: 1 }),
];
/** Nothing could be awaited, so what was dropped cannot be told from what is held. */
const cutOff = [
  row('dropped', 'app.mjs:7', { called: 1, items: 1, 'still open': 1 }),
  ...report.slice(1),
];
const closing = 'dropped is closed\nheld is closed\n';
const summary =
  'asyncgen-hooks: 7 generators, 1 abandoned, 1 still open, 1 failed, 1 never iterated.';
const countOf = ({ stderr }: End, text: string): number => stderr.split(text).length - 1;

describe('the report', () => {
  test('has each generator function, the worst first, and goes to stderr', async () => {
    const end = await project.command(['app.mjs']);
    expect(end).toMatchObject({ stdout: `ready []\n${closing}`, code: 0, signal: null });
    expect(readTable(end.stderr)).toEqual(report);
    expect(countOf(end, summary)).toBe(1);
    expect(end.stderr).not.toContain('\u001B');
  });

  test('tells of the slowest step', async () => {
    const { stderr } = await project.command(['app.mjs']);
    const times = Object.fromEntries(
      [...stderr.matchAll(/^(\w+) .* (\d+\.\d) ms$/gm)].map(([, name, time]) => [
        name,
        Number(time),
      ]),
    );
    expect(Object.keys(times).sort()).toEqual(
      ['dropped', 'fails', 'fine', 'held', 'slow', 'unused'].sort(),
    );
    expect(times['slow']).toBeGreaterThanOrEqual(49);
    expect(times['unused']).toBe(0);
  });

  test('is coloured where colours are asked for, unless NO_COLOR is set', async () => {
    const colored = await project.command(['app.mjs'], { env: { FORCE_COLOR: '1' } });
    expect(colored.stderr).toContain('\u001B[31m1\u001B[39m');
    const plain = await project.command(['app.mjs'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(readTable(plain.stderr)).toEqual(report);
  });

  test('--json writes it for machines', async () => {
    await project.command(['--json', 'report.json', 'app.mjs']);
    const { generators, ...rest } = project.readJson('report.json');
    expect(rest).toEqual({ version: 1, cwd: project.root, processes: 1, missing: 0, leaks: 2 });
    expect(generators).toHaveLength(6);
    expect(generators[0]).toEqual({
      name: 'dropped',
      file: 'app.mjs',
      line: 7,
      column: 0,
      called: 1,
      items: 1,
      exhausted: 0,
      closed: 0,
      failed: 0,
      abandoned: 1,
      open: 0,
      neverIterated: 0,
      slowestStep: expect.any(Number),
    });
  });

  test('says so if there was nothing to watch', async () => {
    project.write({ 'nothing.cjs': 'console.log(1);\n' });
    expect(await project.command(['nothing.cjs'])).toMatchObject({
      stdout: '1\n',
      stderr: '\nasyncgen-hooks: no async generator was called.\n',
      code: 0,
    });
  });
});

describe('the program runs as it would with node', () => {
  test('its arguments are its own, those that look like ours too', async () => {
    const args = ['none', '--json', 'x', '--help', '--', '-v'];
    const { stdout } = await project.command(['app.mjs', ...args]);
    expect(stdout).toBe(`ready ${JSON.stringify(args.slice(1))}\n${closing}`);
  });

  test('its input is its own', async () => {
    project.write({ 'cat.cjs': 'process.stdin.pipe(process.stdout);\n' });
    expect(await project.command(['cat.cjs'], { input: 'text\n' })).toMatchObject({
      stdout: 'text\n',
    });
  });

  test('it sees itself as the main module', async () => {
    project.write({
      'main.cjs':
        'console.log(require.main === module, process.argv.length, process.argv[1] === __filename);\n',
    });
    const { stdout } = await project.command(['main.cjs']);
    expect(stdout).toBe('true 2 true\n');
  });

  test.each<[string, number, typeof report, string]>([
    ['exit', 5, cutOff, ''],
    ['exitCode', 6, report, closing],
    ['throw', 1, cutOff, ''],
  ])('its exit code: %s', async (how, code, rows, after) => {
    const end = await project.command(['app.mjs', how]);
    expect(end).toMatchObject({ stdout: `ready []\n${after}`, code, signal: null });
    expect(readTable(end.stderr)).toEqual(rows);
    expect(countOf(end, 'asyncgen-hooks: ')).toBe(1);
    expect(countOf(end, 'Error: uncaught')).toBe(how === 'throw' ? 1 : 0);
  });

  test('an error that nobody minds ends it', async () => {
    const end = await project.command(['app.mjs', 'reject']);
    expect(end).toMatchObject({ stdout: 'ready []\n', code: 1 });
    expect(countOf(end, 'Error: nobody minds')).toBe(1);
    expect(readTable(end.stderr)[1]).toMatchObject({ generator: 'held' });
  });

  test('a file that is not there: Node tells', async () => {
    const end = await project.command(['none.mjs']);
    expect(end.code).toBe(1);
    expect(end.stderr).toContain(`Error: Cannot find module '${join(project.root, 'none.mjs')}'`);
  });

  test('a command of node_modules/.bin', async () => {
    project.write({ 'node_modules/tool/package.json': {}, 'node_modules/tool/cli.mjs': app });
    project.write({ 'node_modules/.bin/x': '' });
    symlinkSync('../tool/cli.mjs', join(project.root, 'node_modules/.bin/tool'));
    expect(await project.command(['tool', 'exit'])).toMatchObject({
      stdout: 'ready []\n',
      code: 5,
    });
  });
});

// Where there are no signals, `kill` ends the process and nothing can be listened for.
(process.platform === 'win32' ? describe.skip : describe)('signals', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s: what is open is closed, the report is printed once, and the process ends by it',
    async (signal) => {
      const end = await project.command(['app.mjs', 'wait'], {
        onLine: (line, child) => void (line.startsWith('ready') && child.kill(signal)),
      });
      expect(end).toMatchObject({ stdout: `ready []\n${closing}`, code: null, signal });
      expect(readTable(end.stderr)).toEqual(report);
      expect(countOf(end, summary)).toBe(1);
    },
  );

  test('a second one ends it at once, with the report', async () => {
    project.write({
      'hangs.mjs': `async function* hangs() { try { yield 1; } finally { console.log('closing'); await new Promise(() => {}); } }
        globalThis.held = hangs(); await held.next(); setInterval(() => {}, 2 ** 30); console.log('ready');`,
    });
    const end = await project.command(['hangs.mjs'], {
      onLine(line, child) {
        child.kill(line === 'ready' ? 'SIGTERM' : 'SIGINT');
      },
    });
    expect(end).toMatchObject({ stdout: 'ready\nclosing\n', code: null, signal: 'SIGINT' });
    expect(readTable(end.stderr)).toEqual([
      row('hangs', 'hangs.mjs:1', { called: 1, items: 1, 'still open': 1 }),
    ]);
  });

  test('a program that listens for it decides', async () => {
    const end = await project.command(['app.mjs', 'listen'], {
      onLine: (line, child) => void (line.startsWith('ready') && child.kill('SIGINT')),
    });
    expect(end).toMatchObject({ stdout: 'ready []\nown end\n', code: 7, signal: null });
    expect(readTable(end.stderr)).toEqual(cutOff);
  });
});

describe('options', () => {
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
    expect(stuck.stderr).toMatch(/stuck \(stuck\.mjs:1:1\), it was still closing after \d+ ms/);
    expect(stuck.code).toBe(0);
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

  test.each<[string, string[], string]>([
    ['no program', [], "error: missing required argument 'program'"],
    [
      'an unknown option',
      ['--jsn', 'app.mjs'],
      "error: unknown option '--jsn'\n(Did you mean --json?)",
    ],
    ['a wrong number', ['--shutdown-timeout', 'soon', 'app.mjs'], 'Pass a number, 0 or more.'],
    [
      'a file that cannot be written',
      ['--json', 'none/x.json', 'app.mjs'],
      'asyncgen-hooks/node: --json none/x.json, it cannot be written',
    ],
  ])('%s is told of before the program runs', async (_, args, text) => {
    const end = await project.command(args);
    expect(end).toMatchObject({ code: 1, stdout: '' });
    expect(end.stderr).toContain(text);
  });
});
