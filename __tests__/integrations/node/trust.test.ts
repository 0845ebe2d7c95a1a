import { chmodSync, chownSync, mkdirSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { esm, hooked, hooks, printed, use } from './support/modules.js';
import { NodeProject, readTable, row } from './support/node-project.js';

const NOBODY = 65534;
const asRoot = process.getuid?.() === 0 ? test : test.skip;
const withModes = process.platform === 'win32' ? test.skip : test;

describe('the folder of a run', () => {
  const main = `${esm('items', use('items'))}`;
  const evil = "console.log('evil');\nexport * from 'asyncgen-hooks/shim';\n";

  /** A folder as a run has it, with settings in it that lead to the code of somebody else. */
  function makeRun(project: NodeProject): string {
    const folder = join(project.root, 'tmp/asyncgen-hooks-run-made');
    const settings = {
      cwd: project.root,
      options: { importSource: './evil.mjs' },
      shutdownTimeout: 0,
      isTraced: true,
      startedAt: 0,
    };
    project.write({ 'tmp/asyncgen-hooks-run-made/settings.json': settings });
    chmodSync(folder, 0o700);
    return folder;
  }

  const variables: [string, (folder: string, cwd: string) => string][] = [
    ['that is a path', (folder) => folder],
    [
      'with options',
      (folder, cwd) =>
        JSON.stringify({ folder, cwd, options: { importSource: './evil.mjs' }, startedAt: 0 }),
    ],
  ];
  test.each(variables)('decides nothing of what code runs: a variable %s', async (_, variable) => {
    using project = new NodeProject({ 'main.mjs': main, 'evil.mjs': evil });
    const env = { ASYNCGEN_HOOKS_RUN: variable(makeRun(project), project.root) };
    const preload = join(project.root, 'node_modules/asyncgen-hooks/dist/watch.cjs');
    const end = await project.start(['--require', preload, 'main.mjs'], { env });
    expect(end).toMatchObject({ stdout: '1\n', code: 0 });
    expect((await project.command(['main.mjs'], { env })).stdout).toBe('1\n');
  });

  withModes.each<[string, (folder: string) => void]>([
    ['is gone', (folder) => renameSync(folder, `${folder}.old`)],
    ['all may write to', (folder) => chmodSync(folder, 0o777)],
    [
      'is a link',
      (folder) => {
        renameSync(folder, `${folder}.old`);
        symlinkSync(`${folder}.old`, folder);
      },
    ],
    ...(process.getuid?.() === 0
      ? [
          [
            'belongs to another user',
            (folder: string) => chownSync(folder, NOBODY, NOBODY),
          ] as never,
        ]
      : []),
  ])('one that %s is not written to, and the program runs', async (_, spoil) => {
    using project = new NodeProject({ 'main.mjs': main });
    const folder = makeRun(project);
    const shared = { folder, cwd: project.root, options: {}, shutdownTimeout: 0, startedAt: 0 };
    spoil(folder);
    const env = { ASYNCGEN_HOOKS_RUN: JSON.stringify({ ...shared, isTraced: true }) };
    const preload = join(project.root, 'node_modules/asyncgen-hooks/dist/watch.cjs');
    const end = await project.start(['--require', preload, 'main.mjs'], { env });
    expect(end).toEqual({ stdout: '1\n', stderr: '', code: 0, signal: null });
    const all = readdirSync(join(project.root, 'tmp'), { recursive: true }).map(String);
    expect(all.filter((name) => /trace|running|\.part/.test(name))).toEqual([]);
    // A run of its own, since that one is over.
    const { stderr } = await project.command(['main.mjs'], { env });
    expect(readTable(stderr)).toHaveLength(1);
  });

  withModes(
    'a child that outlives the run finds it over, whoever makes the folder anew',
    async () => {
      using project = new NodeProject({
        'main.mjs': `import { spawn } from 'node:child_process';
        const child = spawn(process.execPath, ['child.mjs'], { detached: true, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
        child.on('message', () => { console.log(process.env.ASYNCGEN_HOOKS_RUN); child.disconnect(); child.unref(); });`,
        'child.mjs': `import { existsSync, mkdirSync, chmodSync, readdirSync } from 'node:fs';
        async function* late() { yield 1; }
        const { folder } = JSON.parse(process.env.ASYNCGEN_HOOKS_RUN);
        process.on('disconnect', function wait() {
          if (existsSync(folder)) return setImmediate(wait);
          mkdirSync(folder);
          chmodSync(folder, 0o777);
          late().next();
          process.on('exit', () => console.log(readdirSync(folder)));
        });
        process.send('ready');`,
      });
      const { stdout, stderr } = await project.command(['main.mjs']);
      expect(stdout.split('\n').slice(1)).toEqual(['[]', '']);
      expect(stderr).toMatch(
        /1 more process left no report, killed or still running: child\.mjs \(process \d+\)\./,
      );
    },
  );
});

describe('options of the project', () => {
  const script = "console.log('evil');\nmodule.exports = { exclude: '**' };\n";
  const own = { 'home/main.mjs': esm('items', use('items')), 'home/hooks.mjs': hooks };
  const run = (project: NodeProject) =>
    project.start(['--import', 'asyncgen-hooks/register', '--import', './hooks.mjs', 'main.mjs'], {
      cwd: 'home',
    });
  const refusal = (file: string): string =>
    `another user can change ${file}, so it is not read. Let it, and the folders above it, belong to you or root and be writable by nobody else.`;

  asRoot.each<[string, unknown]>([
    ['asyncgen-hooks.config.js', script],
    ['asyncgen-hooks.config.json', { importSource: '/evil.mjs' }],
    ['package.json', { 'asyncgen-hooks': { importSource: '/evil.mjs' } }],
  ])(
    '%s of another user in a folder above is not read, and that is said',
    async (name, content) => {
      using project = new NodeProject(own);
      project.write({ [name]: content });
      chownSync(join(project.root, name), NOBODY, NOBODY);
      const { stdout, stderr, code } = await run(project);
      expect({ stdout, code }).toEqual({ stdout: hooked('items main.mjs:1'), code: 0 });
      expect(stderr).toContain(refusal(join(project.root, name)));
      expect(stderr.split('so it is not read').length).toBe(2);
    },
  );

  withModes('nor is one that all may write to', async () => {
    using project = new NodeProject({ ...own, 'home/asyncgen-hooks.config.js': script });
    chmodSync(join(project.root, 'home/asyncgen-hooks.config.js'), 0o666);
    const { stdout, stderr } = await run(project);
    expect(stdout).toBe(hooked('items main.mjs:1'));
    expect(stderr).toContain(refusal(join(project.root, 'home/asyncgen-hooks.config.js')));
  });

  withModes('nor one behind a folder that all may write to', async () => {
    using project = new NodeProject({ ...own, 'home/asyncgen-hooks.config.js': script });
    chmodSync(join(project.root, 'home'), 0o777);
    expect((await run(project)).stdout).toBe(hooked('items main.mjs:1'));
    chmodSync(join(project.root, 'home'), 0o1777);
    // Node 22.12 to 22.14 read it in the thread of the loaders, too.
    expect((await run(project)).stdout).toMatch(/^(?:evil\n){1,2}1\n$/);
  });

  asRoot('whoever owns the folders of this package may set them: a container', async () => {
    using project = new NodeProject({
      'main.mjs': esm('items', use('items')),
      'asyncgen-hooks.config.json': { include: 'none' },
    });
    chownSync(project.root, NOBODY, NOBODY);
    chownSync(join(project.root, 'asyncgen-hooks.config.json'), NOBODY, NOBODY);
    expect(await project.register('main.mjs')).toMatchObject({ stdout: '1\n', stderr: '' });
    expect(await printed(project, 'main.mjs')).toBe('1\n');
  });
});

describe('what the working folder offers', () => {
  asRoot('a command of another user above it is not run', async () => {
    using project = new NodeProject({ 'cli.js': "console.log('evil');\n" });
    mkdirSync(join(project.root, 'home'));
    mkdirSync(join(project.root, 'node_modules/.bin'));
    symlinkSync(join(project.root, 'cli.js'), join(project.root, 'node_modules/.bin/tool'));
    expect((await project.command(['tool'], { cwd: 'home' })).stdout).toBe('evil\n');
    chownSync(join(project.root, 'cli.js'), NOBODY, NOBODY);
    const end = await project.command(['tool'], { cwd: 'home' });
    expect(end).toMatchObject({ stdout: '', code: 1 });
    expect(end.stderr).toContain('asyncgen-hooks: another user can change ');
  });
});

test('the counts of child processes still arrive', async () => {
  using project = new NodeProject({
    'main.mjs': `import { fork } from 'node:child_process';\nfork('child.mjs');\n`,
    'child.mjs': esm('items', use('items')),
  });
  const { stderr } = await project.command(['main.mjs']);
  expect(readTable(stderr)).toEqual([
    row('items', 'child.mjs:1', { called: 1, items: 1, exhausted: 1 }),
  ]);
  expect(project.runs).toEqual([]);
});
