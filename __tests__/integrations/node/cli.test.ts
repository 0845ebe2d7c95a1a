import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../environments/support/project.js';
import { app, closing, countOf, cutOff, report, summary } from './support/app.js';
import { NodeProject, readTable, row } from './support/node-project.js';

let project: NodeProject;

beforeAll(() => {
  project = new NodeProject({ 'app.mjs': app });
});
afterAll(() => {
  const { runs } = project;
  project[Symbol.dispose]();
  expect(runs).toEqual([]);
});

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
      [...stderr.matchAll(/^(\w+) .* slowest step (\d+\.\d) ms$/gm)].map(([, name, time]) => [
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
    expect(colored.stderr).toContain('\u001B[31m1 abandoned\u001B[39m');
    for (const env of [{ FORCE_COLOR: '1', NO_COLOR: '1' }, { FORCE_COLOR: 'false' }]) {
      const plain = await project.command(['app.mjs'], { env });
      expect(readTable(plain.stderr)).toEqual(report);
    }
  });

  test('is coloured where stderr is a terminal, whatever stdout is', async () => {
    project.write({
      'terminal.cjs': 'process.stderr.isTTY = true; process.stderr.hasColors = () => true;',
    });
    const env = { NODE_OPTIONS: '--require ./terminal.cjs' };
    const { stderr } = await project.command(['app.mjs'], { env });
    expect(stderr).toContain('\u001B[31m1 abandoned\u001B[39m');
  });

  test('--json writes it for machines', async () => {
    await project.command(['--json', 'report.json', 'app.mjs']);
    const { generators, lanes, startedAt, ...rest } = project.readJson('report.json');
    expect(Math.abs(Date.now() - startedAt)).toBeLessThan(600_000);
    expect(lanes.threads).toHaveLength(1);
    expect(rest).toEqual({
      version: 1,
      cwd: project.root,
      processes: 1,
      missing: 0,
      lost: [],
      cutOff: 0,
      leaks: 2,
      watched: 'generators',
      unwatched: [],
      dependencies: [],
      idleGlobs: [],
    });
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
      left: [
        {
          state: 'abandoned',
          parked: { file: 'app.mjs', line: 9 },
          begun: { file: 'app.mjs', line: 38, column: 41 },
          count: 1,
          longest: expect.any(Number),
          stuck: 0,
        },
      ],
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
    ['throw', 1, report, closing],
  ])('its exit code: %s', async (how, code, rows, after) => {
    const end = await project.command(['app.mjs', how]);
    expect(end).toMatchObject({ stdout: `ready []\n${after}`, code, signal: null });
    expect(readTable(end.stderr)).toEqual(rows);
    expect(countOf(end, 'asyncgen-hooks: 7 generators')).toBe(1);
    expect(countOf(end, 'ended by process.exit() or an error')).toBe(rows === cutOff ? 1 : 0);
    expect(countOf(end, 'Error: uncaught')).toBe(how === 'throw' ? 1 : 0);
  });

  test('what it throws at once is as uncaught as ever', async () => {
    project.write({
      'throws.cjs': `process.on('exit', (code) => console.log('exit', code));
        if (process.argv[2]) process.on('uncaughtException', ({ message }) => console.log('caught', message));
        throw new Error('at once');`,
    });
    const end = await project.command(['throws.cjs']);
    expect(end).toMatchObject({ stdout: 'exit 1\n', code: 1 });
    expect(end.stderr).toContain(`Node.js ${process.version}`);
    expect(await project.command(['throws.cjs', 'handled'])).toMatchObject({
      stdout: 'caught at once\nexit 0\n',
      code: 0,
    });
  });

  test('an error that nobody minds ends it', async () => {
    const end = await project.command(['app.mjs', 'reject']);
    expect(end).toMatchObject({ stdout: `ready []\n${closing}`, code: 1 });
    expect(countOf(end, 'Error: nobody minds')).toBe(1);
    // It is one more that failed.
    expect(readTable(end.stderr).slice(0, 2)).toEqual(report.slice(0, 2));
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

  test('a signal that the program lives through leaves the next one as it was', async () => {
    project.write({
      'reload.mjs': `import { setImmediate } from 'node:timers/promises';
        async function* rows() { try { yield 1; } finally { console.log('closed'); } }
        globalThis.held = rows(); await held.next();
        process.on('SIGHUP', async () => {
          for (let turn = 0; turn < 5; turn++) await setImmediate();
          console.log('reloaded');
        });
        setInterval(() => {}, 2 ** 30); console.log('ready');`,
    });
    const end = await project.command(['reload.mjs'], {
      onLine(line, child) {
        if (line === 'ready') child.kill('SIGHUP');
        if (line === 'reloaded') child.kill('SIGTERM');
      },
    });
    expect(end).toMatchObject({ stdout: 'ready\nreloaded\nclosed\n', signal: 'SIGTERM' });
    expect(readTable(end.stderr)).toEqual([
      row('rows', 'reload.mjs:2', { called: 1, items: 1, 'still open': 1 }),
    ]);
  });

  test.each(['signal-exit', 'foreground-child/node_modules/signal-exit'])(
    'a program that uses %s ends by it, with the report',
    async (folder) => {
      project.link('signal-exit', join(packageRoot, 'node_modules', folder)).write({
        'exits.cjs': `const { onExit = require('signal-exit') } = require('signal-exit');
          async function* rows() { yield 1; }
          globalThis.held = rows(); void held.next();
          onExit(() => console.log('heard')); setInterval(() => {}, 2 ** 30); console.log('ready');`,
      });
      const end = await project.command(['exits.cjs'], {
        onLine: (line, child) => void (line === 'ready' && child.kill('SIGTERM')),
      });
      expect(end).toMatchObject({ stdout: 'ready\nheard\n', code: null, signal: 'SIGTERM' });
      expect(readTable(end.stderr)).toHaveLength(1);
    },
  );
});
