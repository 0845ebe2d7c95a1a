import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { transformSync } from 'esbuild';
import { packageRoot } from '../../environments/support/project.js';
import { NodeProject } from './support/node-project.js';

/** Each inspector takes a free port: other tests may have that of Node. */
const ANY_PORT = '--inspect-port=0';

const program = `async function* rows(n) {
  yield n;
  await new Promise(() => {});
}
const source = { async *ids() { yield* rows(3); } };
const held = (globalThis.held = [rows(1), rows(2), source.ids(), rows(4)]);
for (const gen of held.slice(0, 3)) await gen.next();
held[1].next();
console.log('ready');
setInterval(() => {}, 1000);
`;
const project = new NodeProject({ 'app.mjs': program });
const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});
afterAll(() => project[Symbol.dispose]());

interface Started {
  readonly pid: number;
  readonly child: ChildProcess;
  /** What it has printed to stderr. */
  readonly stderr: () => string;
}

/** Starts Node, and waits until the program has printed something. */
async function begin(...args: string[]): Promise<Started> {
  const env = { ...process.env, NODE_OPTIONS: undefined, COLUMNS: '1000' };
  const child = spawn(process.execPath, [ANY_PORT, ...args], { cwd: project.root, env });
  running.push(child);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child.stdout, 'data');
  return { pid: child.pid!, child, stderr: () => stderr };
}

const ps = (...args: (string | number)[]) => project.bin(['ps', ...args.map(String)]);

/** The port that Node has said that its inspector listens on. */
const inspectorOf = ({ stderr }: Started): number =>
  Number(/ws:\/\/[^:]+:(\d+)/.exec(stderr())![1]);

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });

const describePs = process.platform === 'linux' ? describe : describe.skip;
describePs('ps', () => {
  test('shows what V8 knows of a process that nobody watches, which goes on', async () => {
    const started = await begin('app.mjs');
    const { code, stdout, stderr } = await ps('--yes', started.pid);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`
3 still open, 1 never iterated  rows  app.mjs:1
  2 open, parked at app.mjs:2
  1 in a step that is still pending, at app.mjs:3
    1 | async function* rows(n) {
  > 2 |   yield n;
    3 |   await new Promise(() => {});
    4 | }

1 still open  ids  app.mjs:5
  parked at app.mjs:5
    4 | }
  > 5 | const source = { async *ids() { yield* rows(3); } };
    6 | const held = (globalThis.held = [rows(1), rows(2), source.ids(), rows(4)]);
    7 | for (const gen of held.slice(0, 3)) await gen.next();

asyncgen-hooks: the process is not watched: V8 tells no more. Started by asyncgen-hooks, it tells where each was first iterated, and how long it waits.
asyncgen-hooks: 4 generators open in process ${started.pid}.
`);
    expect(await isOpen(inspectorOf(started))).toBe(false);
    expect(started.child.exitCode).toBe(null);
  });

  test('shows all that is known of one that asyncgen-hooks watches, without its signal', async () => {
    const bin = 'node_modules/asyncgen-hooks/dist/bin.cjs';
    const started = await begin(bin, '--shutdown-timeout', '0', 'app.mjs');
    const { stdout } = await ps('--yes', '--json', 'open.json', started.pid);
    expect(stdout.replace(/\d+(?:\.\d)? m?s\b/g, 'N ms')).toContain(`
3 still open  rows  app.mjs:1
  1 open, parked at app.mjs:2 for N ms
  first iterated at app.mjs:7:47
  1 in a step that is still pending for N ms
  first iterated at app.mjs:7:47
  1 open, parked at app.mjs:2 for N ms
  first iterated in ids() at app.mjs:5:38
`);
    expect(stdout).toMatch(/\n\nasyncgen-hooks: 4 generators open in process \d+\.\n$/);
    const { pid, watched, cwd, generators } = project.readJson('open.json');
    expect([pid, watched, cwd]).toEqual([started.pid, true, project.root]);
    expect(generators[1]).toEqual({
      name: 'ids',
      file: 'app.mjs',
      line: 5,
      column: 17,
      open: 1,
      left: [
        {
          state: 'suspended',
          parked: { file: 'app.mjs', line: 5 },
          begun: { file: 'app.mjs', line: 7, column: 46 },
          count: 1,
          longest: expect.any(Number),
          stuck: 0,
        },
      ],
    });
    expect(await isOpen(inspectorOf(started))).toBe(false);
  });

  test('follows source maps, in files and in comments', async () => {
    const text = 'type Row = number;\nexport async function* typed(n: Row) {\n\n  yield n;\n}\n';
    for (const [name, sourcemap] of [
      ['beside', 'external'],
      ['inside', 'inline'],
    ] as const) {
      const { code, map } = transformSync(text, {
        loader: 'ts',
        sourcefile: `../src/${name}.ts`,
        sourcemap,
        minifyWhitespace: true,
      });
      const comment = sourcemap === 'external' ? `//${'#'} sourceMappingURL=${name}.mjs.map\n` : '';
      project.write({ [`dist/${name}.mjs`]: code + comment, [`dist/${name}.mjs.map`]: map });
    }
    project.write({
      'maps.mjs': `import { typed as a } from './dist/beside.mjs';
import { typed as b } from './dist/inside.mjs';
globalThis.held = [a(1), b(2)];
for (const each of held) await each.next();
console.log('ready');
setInterval(() => {}, 1000);
`,
    });
    const { pid } = await begin('maps.mjs');
    await ps('--yes', '--json', 'maps.json', pid);
    const places = project
      .readJson('maps.json')
      .generators.map(({ name, file, line, left }: any) => [name, file, line, left[0].parked]);
    expect(places).toEqual(
      ['beside', 'inside'].map((name) => {
        const file = `src/${name}.ts`;
        return ['typed', file, 2, { file, line: 4 }];
      }),
    );
  });

  test('gives what our compilers renamed its name', async () => {
    const { pid } = await begin('--import', 'asyncgen-hooks/register', 'app.mjs');
    await ps('--yes', '--json', 'open.json', pid);
    const { watched, generators } = project.readJson('open.json');
    const rows = generators.map(({ name, file, line, open }: any) => [name, file, line, open]);
    expect([watched, rows]).toEqual([
      false,
      [
        ['rows', 'app.mjs', 1, 3],
        ['ids', 'app.mjs', 5, 1],
      ],
    ]);
  });

  test('looks into worker threads and into realms of node:vm', async () => {
    const code = 'async function* other() { yield 1; } const kept = other(); kept.next();';
    project.write({
      'threads.cjs': `
        const { Worker } = require('node:worker_threads');
        globalThis.realm = require('node:vm').runInNewContext(${JSON.stringify(`${code} kept`)});
        const worker = new Worker('const { parentPort } = require("node:worker_threads");' + ${JSON.stringify(code)} +
          'globalThis.kept = kept; parentPort.postMessage("ready"); setInterval(() => {}, 1000)', { eval: true });
        worker.on('message', console.log);
      `,
    });
    const { pid } = await begin('threads.cjs');
    const { stdout } = await ps('--yes', pid);
    expect(stdout).toContain('2 threads were looked into.');
    expect(stdout).toContain(`2 generators open in process ${pid}.`);
  });

  test('leaves an inspector open that was open before', async () => {
    const started = await begin('--inspect=0', 'app.mjs');
    const { stdout } = await ps('--yes', started.pid);
    expect(stdout).toContain('4 generators open in process');
    expect(await isOpen(inspectorOf(started))).toBe(true);
  });

  test('of more than it looks at, it says how many there are', async () => {
    project.write({
      'crowd.mjs': `async function* rows() { yield 1; }
        globalThis.kept = Array.from({ length: 150_000 }, rows);
        for (const each of globalThis.kept) await each.next();
        console.log('ready');
        setInterval(() => {}, 1000);`,
    });
    const { pid } = await begin('crowd.mjs');
    const { stdout } = await ps('--yes', '--json', 'open.json', pid);
    expect(stdout).toContain('140000 more generators of that process were not looked at.');
    expect(project.readJson('open.json')).toMatchObject({
      more: 140_000,
      generators: [{ open: 10_000 }],
    });
  });

  test('of a program that is busy for ever', async () => {
    project.write({
      'busy.cjs': `async function* rows() { yield 1; }
        const kept = (globalThis.kept = rows());
        kept.next();
        console.log('ready');
        setTimeout(() => { for (;;); }, 10);
      `,
    });
    const started = await begin('busy.cjs');
    const { stdout } = await ps('--yes', started.pid);
    expect(stdout).toContain('1 generator open in process');
    expect(await isOpen(inspectorOf(started))).toBe(false);
  });

  test('closes the inspector if it is ended itself', async () => {
    // It answers when its input has a line: until then, ps is in the midst of it.
    project.write({
      'slow.cjs': `const describe = () => {
          console.log('asked');
          require('fs').readSync(0, Buffer.alloc(1));
          return JSON.stringify({ cwd: '/', rows: [] });
        };
        globalThis[Symbol.for('asyncgen-hooks/watch/1')] = { describe };
        console.log('ready');
        setInterval(() => {}, 1000);`,
    });
    for (const [name, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      const started = await begin('slow.cjs');
      const asked = once(started.child.stdout!, 'data');
      const onStart = async (looking: ChildProcess): Promise<void> => {
        await asked;
        looking.kill(name);
        await once(looking.stderr!, 'data');
        started.child.stdin!.write('x');
      };
      const end = await project.bin(['ps', '--yes', String(started.pid)], {
        onStart: (child) => void onStart(child),
      });
      expect(end).toMatchObject({
        code,
        stdout: '',
        stderr: `asyncgen-hooks: Ended. What was opened of process ${started.pid} is being closed.\n`,
      });
      expect(await isOpen(inspectorOf(started))).toBe(false);
    }
  });

  describe('does nothing to a process', () => {
    const refused = async (pid: number | string, ...flags: string[]): Promise<string> => {
      const { code, stdout, stderr } = await ps(...flags, pid);
      expect([code, stdout]).toEqual([1, '']);
      return stderr.replaceAll(String(pid), 'N').split('\n')[0]!;
    };

    test('that is not there', async () => {
      const { pid } = spawnSync(process.execPath, ['-e', '']);
      expect(await refused(pid, '--yes')).toBe(
        'asyncgen-hooks: process N does not exist. Check its id, and that it runs in this container.',
      );
      expect(await refused('0x10', '--yes')).toBe(
        'asyncgen-hooks: "N" is no process id. Pass a number.',
      );
    });

    test('that is no Node', async () => {
      const child = spawn('sleep', ['1000']);
      running.push(child);
      await once(child, 'spawn');
      expect(await refused(child.pid!, '--yes')).toMatch(
        /^asyncgen-hooks: process N runs \S+, which is no Node, and the signal would end it\. Pass/,
      );
      expect(child.exitCode ?? child.signalCode).toBe(null);
    });

    test('that would end by the signal, since it does not catch it any more', async () => {
      project.write({
        'deaf.cjs': `const hear = () => {};
          process.on('SIGUSR1', hear).off('SIGUSR1', hear);
          console.log('ready');
          setInterval(() => {}, 1000);`,
      });
      const { pid, child } = await begin('deaf.cjs');
      expect(await refused(pid, '--yes')).toContain('does not catch SIGUSR1, which would end it');
      expect(child.exitCode ?? child.signalCode).toBe(null);
    });

    test('that is stopped, and would open its inspector when it goes on', async () => {
      const started = await begin('app.mjs');
      started.child.kill('SIGSTOP');
      expect(await refused(started.pid, '--yes')).toBe(
        'asyncgen-hooks: process N is stopped, by a debugger, Ctrl-Z or SIGSTOP. Have it go on (kill -CONT N), and try again.',
      );
      started.child.kill('SIGCONT');
      const { stdout } = await ps('--yes', started.pid);
      expect(stdout).toContain('4 generators open in process');
      expect(started.stderr().match(/Debugger listening/g)).toHaveLength(1);
    });

    const flag = '--disable-sigusr1';
    const withFlag = process.allowedNodeEnvironmentFlags.has(flag) ? test : test.skip;
    withFlag('that was told not to mind the signal', async () => {
      const { pid } = await begin(flag, 'app.mjs');
      expect(await refused(pid, '--yes')).toContain('was started with --disable-sigusr1.');
    });

    // Only root can become another one.
    const asRoot = process.getuid?.() === 0 ? test : test.skip;
    asRoot('that belongs to another user', async () => {
      const { pid } = await begin('app.mjs');
      const bin = join(packageRoot, 'dist/bin.cjs');
      const args = [bin, 'ps', '--yes', String(pid)];
      const { stderr } = spawnSync(process.execPath, args, { uid: 65534, gid: 65534, cwd: '/' });
      expect(String(stderr)).toContain('belongs to another user. Run this as that user.');
    });

    test('where nobody can be asked', async () => {
      const started = await begin('app.mjs');
      expect(await refused(started.pid)).toBe(
        'asyncgen-hooks: ps cannot ask whether to look into process N: this is no terminal. Pass --yes.',
      );
      expect(started.stderr()).toBe('');
    });
  });

  test.each([
    ['y\n', 1, 0],
    ['n\n', 0, 0],
    // Ctrl-C and Ctrl-D.
    ['\u0003', 0, 130],
    ['\u0004', 0, 0],
  ])('asks first: %j', async (answer, times, code) => {
    const started = await begin('app.mjs');
    const bin = join(project.root, 'node_modules/asyncgen-hooks/dist/bin.cjs');
    const command = `"${process.execPath}" "${bin}" ps ${started.pid}`;
    const terminal = spawn('script', ['-qefc', command, '/dev/null'], { cwd: project.root });
    let stdout = '';
    let isAsked = false;
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (isAsked || !stdout.includes('Go on? [y/N]')) return;
      isAsked = true;
      terminal.stdin.write(answer);
    });
    expect(await once(terminal, 'close')).toEqual([code, null]);
    expect(isAsked).toBe(true);
    expect(stdout).not.toMatch(/^ +at /m);
    expect(stdout.match(/generators open in process/g) ?? []).toHaveLength(times);
    expect(/Debugger listening/.test(started.stderr())).toBe(times === 1);
  });

  test('tells of a program that listens for the signal itself', async () => {
    project.write({
      'own.cjs': `process.on('SIGUSR1', () => console.log('heard'));
        console.log('ready');
        setInterval(() => {}, 1000);`,
    });
    const { pid, child } = await begin('own.cjs');
    const heard = once(child.stdout!, 'data');
    const { code, stderr } = await ps('--yes', pid);
    expect([code, String(await heard)]).toEqual([1, 'heard\n']);
    expect(stderr).toContain(
      'got SIGUSR1 and opened no inspector. It may listen for that signal itself.',
    );
  });
});
