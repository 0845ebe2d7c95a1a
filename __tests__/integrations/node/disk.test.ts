import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { esm, use } from './support/modules.js';
import { NodeProject, readTable, row } from './support/node-project.js';

const rows = [row('items', 'main.mjs:1', { called: 1, items: 1, exhausted: 1 })];
const files = {
  'main.mjs': esm('items', use('items')),
  'parent.mjs': `import { fork } from 'node:child_process';\nfork('main.mjs');\n`,
  'many.mjs': `async function* count() { for (let i = 0; i < 500; i++) yield i; }
    ${Array.from({ length: 60 }, (_, i) => `async function* g${i}() {}\nfor await (const _ of g${i}());`).join('\n')}
    for await (const _ of count());\nconsole.log('done');\n`,
};

describe('the command reports', () => {
  test.each([
    ['where TMPDIR leads nowhere', { TMPDIR: '/none', HOME: undefined }],
    ['where HOME leads nowhere', { TMPDIR: '/none', HOME: '/none' }],
  ])('%s, and says what it cannot see', async (_, env) => {
    using project = new NodeProject(files);
    const end = await project.command(['main.mjs'], { env });
    expect(end).toMatchObject({ stdout: '1\n', code: 0 });
    expect(readTable(end.stderr)).toEqual(rows);
    expect(end.stderr).toMatch(
      /asyncgen-hooks\/node: Cannot write \/none \("ENOENT.*"\), and what child processes do is not in the report\./,
    );
    expect(end.stderr).not.toMatch(/^ +at /m);
    const parent = await project.command(['parent.mjs'], { env });
    expect(parent).toMatchObject({ stdout: '1\n', code: 0 });
    expect(parent.stderr).toContain(
      'lost: what child processes did, as there is no place for temporary files.',
    );
  });

  test('workers, and fails for child processes, where TMPDIR leads nowhere', async () => {
    const nowhere = { env: { TMPDIR: '/none' } };
    using project = new NodeProject({
      ...files,
      'worker.mjs': `import { Worker } from 'node:worker_threads';\nnew Worker('./main.mjs');\n`,
    });
    const worker = await project.command(['--fail-on-leak', 'worker.mjs'], nowhere);
    expect(worker).toMatchObject({ stdout: '1\n', code: 0 });
    expect(readTable(worker.stderr)).toEqual(rows);
    project.write({ 'both.mjs': `import './main.mjs';\nimport './parent.mjs';\n` });
    const parent = await project.command(['--fail-on-leak', 'both.mjs'], nowhere);
    expect(parent).toMatchObject({ stdout: '1\n1\n', code: 1 });
    expect(readTable(parent.stderr)).toEqual(rows);
    expect(parent.stderr).toContain('the run fails: a report is lost.');
  });

  test("under Node's permissions", async () => {
    using project = new NodeProject(files);
    const isNew = process.allowedNodeEnvironmentFlags.has('--permission');
    const flags = [isNew ? '--permission' : '--experimental-permission', '--allow-fs-read=*'];
    const end = await project.command(['main.mjs'], { flags });
    expect(end).toMatchObject({ stdout: '1\n', code: 0 });
    expect(readTable(end.stderr)).toEqual(rows);
    expect(end.stderr).toContain('and what child processes do is not in the report.');
    expect(end.stderr).not.toMatch(/^ +at /m);
  });
});

const withLimits = process.platform === 'win32' ? describe.skip : describe;
withLimits('on a disk that is full', () => {
  /** No file may grow beyond 4 kB: to write fails in the middle, as on a full disk. */
  const run = (project: NodeProject, args: string) => {
    const bin = join(project.root, 'node_modules/asyncgen-hooks/dist/bin.cjs');
    const { stdout, stderr, status } = spawnSync(
      'sh',
      ['-c', `ulimit -f 8; exec "${process.execPath}" "${bin}" --all ${args}`],
      {
        cwd: project.root,
        encoding: 'utf8',
        env: {
          ...process.env,
          COLUMNS: '200',
          NODE_OPTIONS: '',
          TMPDIR: join(project.root, 'tmp'),
        },
      },
    );
    expect(stdout).toBe('done\n');
    expect(readTable(stderr)).toHaveLength(61);
    expect(stderr).not.toMatch(/^ +at /m);
    return { stderr, status };
  };

  test('the report is printed without the trace, and that is said', () => {
    using project = new NodeProject(files);
    const { stderr, status } = run(project, '--trace trace.json many.mjs');
    expect(stderr).toMatch(/Cannot write .*trace\.json \("EFBIG.*"\), and the trace ends here\./);
    expect(status).toBe(1);
    expect(project.runs).toEqual([]);
  });

  test('the report is printed if it cannot be written as JSON, and that is said', () => {
    using project = new NodeProject(files);
    const { stderr, status } = run(project, '--json report.json many.mjs');
    expect(stderr).toMatch(/--json report\.json cannot be written whole \("EFBIG.*"\)\./);
    expect(status).toBe(1);
    expect(project.runs).toEqual([]);
  });

  test('a child whose report cannot be written is missing', () => {
    using project = new NodeProject({
      ...files,
      'main.mjs': `import { fork } from 'node:child_process';\nfork('many.mjs').on('exit', () => import('./many.mjs'));\n`,
      'parent.mjs': '',
    });
    const bin = join(project.root, 'node_modules/asyncgen-hooks/dist/bin.cjs');
    const { stderr, status } = spawnSync(
      'sh',
      ['-c', `ulimit -f 8; exec "${process.execPath}" "${bin}" --all main.mjs`],
      {
        cwd: project.root,
        encoding: 'utf8',
        env: {
          ...process.env,
          COLUMNS: '200',
          NODE_OPTIONS: '',
          TMPDIR: join(project.root, 'tmp'),
        },
      },
    );
    expect(status).toBe(0);
    expect(readTable(stderr)).toHaveLength(61);
    expect(stderr).toMatch(
      /1 more process left no report, killed or still running: many\.mjs \(process \d+\)\./,
    );
    expect(project.runs).toEqual([]);
  });
});
