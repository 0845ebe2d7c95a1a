import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NodeProject, readTable, row } from './support/node-project.js';

/** Says `ready` to whoever started it, and goes on if it is told to. */
const part = `
  import { parentPort } from 'node:worker_threads';
  async function* items() { yield 1; yield 2; }
  for await (const _ of items());
  globalThis.held = items();
  await held.next();
  if (process.argv[2] === 'goOn') setInterval(() => {}, 2 ** 30);
  (parentPort ?? process).postMessage?.('ready');
  process.send?.('ready');
`;
let project: NodeProject;

beforeAll(() => {
  project = new NodeProject({ 'part.mjs': part });
});
afterAll(() => {
  const { runs } = project;
  project[Symbol.dispose]();
  expect(runs).toEqual([]);
});

/** As many generators as \`n\` runs of `part.mjs` make; the second of each is left. */
const parts = (n: number): unknown[] => [
  row('items', 'part.mjs:3', { called: 2 * n, items: 3 * n, exhausted: n, 'still open': n }),
];

describe('worker threads are watched', () => {
  test.each<[string, string]>([
    ['that end by themselves', `await once(new Worker(file), 'exit');`],
    [
      'that are terminated',
      `const worker = new Worker(file, { argv: ['goOn'] });
      await once(worker, 'message');
      await worker.terminate();`,
    ],
    [
      'that are still running when the program ends',
      `const worker = new Worker(file, { argv: ['goOn'] });
      await once(worker, 'message');
      worker.unref();`,
    ],
    [
      'with flags and an environment of their own',
      `await once(new Worker(file, { execArgv: ['--no-warnings'], env: {} }), 'exit');`,
    ],
    [
      'that evaluate a text',
      "await once(new Worker(`import(${JSON.stringify(file.href)})`, { eval: true }), 'exit');",
    ],
    [
      'that a worker starts',
      "await once(new Worker(`new (require('worker_threads').Worker)(${JSON.stringify(require('url').fileURLToPath(file))})`, { eval: true }), 'exit');",
    ],
  ])('%s', async (_, code) => {
    project.write({
      'main.mjs': `import { once } from 'node:events';
        import { createRequire } from 'node:module';
        import { Worker } from 'node:worker_threads';
        const require = createRequire(import.meta.url);
        const file = new URL('part.mjs', import.meta.url);
        ${code}`,
    });
    const { stderr, code: status } = await project.command(['main.mjs']);
    expect(readTable(stderr)).toEqual(parts(1));
    expect(status).toBe(0);
  });

  test('several at a time, by exact count', async () => {
    project.write({
      'main.cjs': `const { Worker } = require('node:worker_threads');
        for (let i = 0; i < 8; i++) new Worker('./part.mjs');`,
    });
    const { stderr } = await project.command(['main.cjs']);
    expect(readTable(stderr)).toEqual(parts(8));
  });

  test('of a process with flags that workers may not be given', async () => {
    project.write({
      'main.cjs': `const { Worker } = require('node:worker_threads');
        new Worker('./part.mjs');`,
    });
    const flags = ['--expose-gc', '--stack-trace-limit=50', '--title=main', '--no-deprecation'];
    const { stderr } = await project.command(['main.cjs'], { flags });
    expect(readTable(stderr)).toEqual(parts(1));
  });

  test('they are workers as before', async () => {
    project.write({
      'main.mjs': `import workers, { Worker } from 'node:worker_threads';
        const worker = new Worker('process.exit(3)', { eval: true });
        worker.on('exit', (code) => console.log(code));
        class Own extends Worker {}
        const own = new Own('', { eval: true });
        console.log(worker instanceof Worker, own instanceof Own, Worker.name, workers.Worker === Worker);
        for (const args of [[1], ['', null], ['', { eval: true, execArgv: 'x' }], ['', { eval: true, execArgv: ['--title=x'] }]])
          try { new Worker(...args); } catch ({ code, name }) { console.log(code ?? name); }`,
    });
    const { stdout } = await project.start(['main.mjs']);
    expect(stdout).toMatch(/^true true Worker true\n(?:\w+\n){4}3\n$/);
    expect(await project.command(['main.mjs'])).toMatchObject({ stdout, code: 0 });
  });
});

describe('child processes that run Node are watched', () => {
  const run = async (code: string): Promise<{ stderr: string; stdout: string }> => {
    project.write({
      'main.mjs': `import { once } from 'node:events';
        import { execFileSync, fork, spawn } from 'node:child_process';
        ${code}`,
    });
    return project.command(['--json', 'report.json', 'main.mjs']);
  };

  test.each<[string, string]>([
    ['by fork', `await once(fork('part.mjs'), 'exit');`],
    ['by execFile', `execFileSync(process.execPath, ['part.mjs']);`],
    ['in another folder', `execFileSync(process.execPath, ['../part.mjs'], { cwd: 'tmp' });`],
    [
      'by a signal',
      `const child = fork('part.mjs', ['goOn']); await once(child, 'message'); child.kill(); await once(child, 'exit');`,
    ],
    [
      'by a child',
      `execFileSync(process.execPath, ['-e', 'require("child_process").fork("part.mjs")']);`,
    ],
  ])('%s', async (_, code) => {
    const { stderr } = await run(code);
    expect(readTable(stderr)).toEqual(parts(1));
    expect(project.readJson('report.json')).toMatchObject({ missing: 0 });
  });

  test('and one that is killed or goes on is told of', async () => {
    const { stderr } = await run(
      `const child = fork('part.mjs', ['goOn']); await once(child, 'message'); child.kill('SIGKILL'); await once(child, 'exit');`,
    );
    expect(readTable(stderr)).toEqual([]);
    expect(stderr).toMatch(
      /1 more process left no report, killed or still running: part\.mjs goOn \(process \d+\)\.\n/,
    );
    expect(project.readJson('report.json')).toMatchObject({
      processes: 1,
      missing: 1,
      lost: [expect.stringMatching(/^part\.mjs goOn /)],
    });
  });

  test('the command inside the command reports once', async () => {
    const { stderr } = await run(
      `const { status } = (await import('node:child_process')).spawnSync(process.execPath, ['node_modules/asyncgen-hooks/dist/bin.cjs', 'part.mjs'], { stdio: 'inherit' });
      console.log(status);`,
    );
    expect(readTable(stderr)).toEqual(parts(1));
    expect(stderr.match(/^asyncgen-hooks: \d+ generators/gm)).toHaveLength(1);
  });
});
