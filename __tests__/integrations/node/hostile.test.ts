/** Names, disks and folders as nobody wants them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../environments/support/project.js';
import { NodeProject, readTable } from './support/node-project.js';

const leak = `async function* rows() { yield 1; }
globalThis.held = rows();
await globalThis.held.next();
console.log('done');
`;
const bin = 'node_modules/asyncgen-hooks/dist/bin.cjs';

describe('a name with HTML and with what a terminal obeys', () => {
  const name = '<img src=x onerror=alert(1)>\u001b[2J\u009b1A\u202e|`\n::error::forged';
  const project = new NodeProject({
    'odd.mjs': `const source = { async *[${JSON.stringify(name)}]() { yield 1; } };
globalThis.held = source[${JSON.stringify(name)}]();
await globalThis.held.next();
`,
    // So is the name of its source.
    'mapped.mjs': `${leak}//# sourceMappingURL=data:application/json;base64,${btoa(
      JSON.stringify({
        version: 3,
        sources: [`\u001b[31m\ud800<img onerror>\n::error::forged`],
        names: [],
        mappings: 'AAAA;AACA;AACA;AACA',
      }),
    )}\n`,
  });
  afterAll(() => project[Symbol.dispose]());
  /** What a terminal obeys; line breaks are our own. */
  const RAW = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/;

  test.each(
    ['odd.mjs', 'mapped.mjs'].flatMap((file) =>
      ['github', 'junit=out', 'markdown=out', 'sarif=out'].map((kind) => [kind, file] as const),
    ),
  )('in --reporter %s of %s', async (kind, file) => {
    const { stderr } = await project.bin(['--reporter', kind, file]);
    const text = kind === 'github' ? stderr : project.read('out');
    expect(text).toContain('onerror');
    expect(text).not.toMatch(RAW);
    expect(text).not.toMatch(/^::error::forged/m);
    if (kind.startsWith('junit')) expect(text).not.toContain('<img');
    if (kind.startsWith('markdown')) expect(text).not.toMatch(/(?<!\\)<img|(?<!\\)`/);
  });

  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux.each([
    ['watched', ['bin', '--shutdown-timeout', '0']],
    ['not watched', []],
  ])('in ps, of a process that is %s', async (_, flags) => {
    project.write({
      'ps.mjs': `${project.read('odd.mjs')}console.log('ready');\nsetInterval(() => {}, 1000);\n`,
    });
    const args = flags.map((flag) => (flag === 'bin' ? bin : flag));
    let seen = '';
    await project.start([...args, 'ps.mjs'], {
      flags: ['--inspect-port=0'],
      onLine: (_line, child) => {
        const { stdout } = spawnSync(process.execPath, [bin, 'ps', '--yes', String(child.pid)], {
          cwd: project.root,
          encoding: 'utf8',
        });
        seen = stdout;
        child.kill('SIGKILL');
      },
    });
    expect(seen).toContain('1 generator open in process');
    expect(seen).toContain('onerror');
    expect(seen).not.toMatch(RAW);
    expect(seen).not.toMatch(/^::error::forged/m);
  });
});

test('20 processes that begin at once each report what is theirs', async () => {
  using project = new NodeProject({ 'app.mjs': leak });
  const all = Array.from({ length: 20 }, (_, i) =>
    project.command(['--json', `${i}.json`, 'app.mjs']),
  );
  for (const [i, { code, stdout, stderr }] of (await Promise.all(all)).entries()) {
    expect([code, stdout, readTable(stderr).length]).toEqual([0, 'done\n', 1]);
    expect(project.readJson(`${i}.json`)).toMatchObject({ leaks: 1, lost: [], missing: 0 });
  }
  expect(project.runs).toEqual([]);
}, 180_000);

test('20 children that begin at once are all in one report', async () => {
  using project = new NodeProject({
    'app.mjs': leak,
    'parent.mjs': `import { fork } from 'node:child_process';
for (let i = 0; i < 20; i++) fork('app.mjs');`,
  });
  await project.bin(['--json', 'all.json', 'parent.mjs']);
  const { processes, leaks, lost } = project.readJson('all.json');
  expect([processes, leaks, lost]).toEqual([21, 20, []]);
}, 180_000);

test('a configuration that is broken meanwhile takes no report with it', async () => {
  const file = 'asyncgen-hooks.config.json';
  using project = new NodeProject({
    [file]: '{ "include": ["app.mjs"] }',
    'app.mjs': `${leak}const { writeFileSync } = await import('node:fs');\nwriteFileSync('${file}', '{');\n`,
  });
  const { code, stderr } = await project.bin(['app.mjs']);
  expect(stderr).toContain('1 still open  rows  app.mjs:1');
  expect(stderr).not.toMatch(/^ +at /m);
  expect(code).toBe(0);
});

/** Runs commands where a file system of 256 kB is mounted at `small`, for them alone. */
function onSmallDisk(project: NodeProject, commands: string): { stdout: string; stderr: string } {
  mkdirSync(join(project.root, 'small'), { recursive: true });
  const script = `mount -t tmpfs -o size=256k tmpfs small && ${commands}`;
  const env = { ...process.env, COLUMNS: '1000', NODE: process.execPath, NODE_OPTIONS: '' };
  return spawnSync('unshare', ['-m', 'sh', '-c', script], {
    cwd: project.root,
    encoding: 'utf8',
    env,
  });
}

const canMount =
  process.platform === 'linux' &&
  process.getuid!() === 0 &&
  spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
const withMounts = canMount ? describe : describe.skip;
withMounts('on a small file system', () => {
  const fill = 'cat /dev/zero > small/rest 2>/dev/null';

  test('that is full, the report is printed, and what is lost is said', () => {
    using project = new NodeProject({ 'app.mjs': leak });
    for (const [flag, file] of [
      ['--json', 'small/report.json'],
      ['--html', 'small/report.html'],
      ['--reporter', 'junit=small/report.xml'],
      ['--trace', 'small/trace.json'],
    ] as const) {
      const { stdout, stderr } = onSmallDisk(
        project,
        `{ ${fill}; TMPDIR=small "$NODE" ${bin} ${flag} ${file} app.mjs; echo "exit $?"; }`,
      );
      expect(stdout).toBe('done\nexit 1\n');
      expect(stderr).toMatch(/ENOSPC/);
      expect(stderr).toContain('1 still open  rows  app.mjs:1');
      expect(stderr).not.toMatch(/^ +at /m);
    }
  });

  test('a child that cannot write its report there is missed', () => {
    using project = new NodeProject({
      'app.mjs': leak,
      'parent.mjs': `import { fork } from 'node:child_process';\nfork('app.mjs');\n`,
    });
    const { stdout, stderr } = onSmallDisk(
      project,
      `{ ${fill}; TMPDIR=small "$NODE" ${bin} --fail-on-leak parent.mjs; echo "exit $?"; }`,
    );
    expect(stdout).toBe('done\nexit 1\n');
    expect(stderr).toContain('1 more process left no report, killed or still running: a process.');
    expect(stderr).toContain('the run fails: a report is lost.');
  });

  test('that cannot be written, the program runs and is reported', () => {
    using project = new NodeProject({ 'app.mjs': leak });
    const { stdout, stderr } = onSmallDisk(
      project,
      `cp app.mjs small && mount -o remount,ro small && cd small && TMPDIR=. "$NODE" ../${bin} app.mjs; echo "exit $?"`,
    );
    expect(stdout).toBe('done\nexit 0\n');
    expect(stderr).toContain('1 still open  rows  app.mjs:1');
    expect(stderr).toContain('and what child processes do is not in the report.');
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test('that cannot be written, "compile" says so in one line', () => {
    using project = new NodeProject({ 'app.mjs': leak });
    const { stdout, stderr } = onSmallDisk(
      project,
      `mount -o remount,ro small && "$NODE" ${bin} compile -d small/out app.mjs; echo "exit $?"`,
    );
    expect(stdout).toBe('exit 1\n');
    expect(stderr).toMatch(
      /^asyncgen-hooks\/node: Cannot compile app\.mjs to small\/out\/app\.mjs \("E/m,
    );
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test('a file that cannot be written there is told of before the program runs', () => {
    using project = new NodeProject({ 'app.mjs': leak });
    const { stdout, stderr } = onSmallDisk(
      project,
      `mount -o remount,ro small && "$NODE" ${bin} --html small/report.html app.mjs; echo "exit $?"`,
    );
    expect(stdout).toBe('exit 1\n');
    expect(stderr).toMatch(/Cannot write --html small\/report\.html \(EROFS/);
  });
});

describe('a working folder', () => {
  const names = [
    '</script><b>"\'',
    '$(touch owned)`touch owned`',
    ' %41 #?&;',
    '\u001b[31m\u202e',
    'a\nb',
  ];
  const onPosix = process.platform === 'win32' ? test.skip : test;

  onPosix('that is gone', () => {
    using project = new NodeProject({ 'app.mjs': leak });
    mkdirSync(join(project.root, 'gone'));
    const main = join(packageRoot, 'dist/bin.cjs');
    const script = `rmdir ../gone; exec "${process.execPath}" "${main}" "${project.root}/app.mjs"`;
    const { status, stdout, stderr } = spawnSync('sh', ['-c', script], {
      cwd: join(project.root, 'gone'),
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: undefined },
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'asyncgen-hooks: the working folder is not there any more. Change to another one.\n(asyncgen-hooks --help tells more)\n',
    });
  });

  onPosix.each(names)('of the name %j', (name) => {
    using project = new NodeProject({});
    const folder = join(project.root, name.includes('/') ? name.replaceAll('/', '\u2215') : name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'app.mjs'), leak);
    writeFileSync(
      join(folder, 'parent.mjs'),
      `import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
fork('app.mjs');
new Worker('./app.mjs');`,
    );
    const main = join(packageRoot, 'dist/bin.cjs');
    const args = [main, '--json', 'r.json', '--html', 'r.html', 'parent.mjs'];
    const env = { ...process.env, NODE_OPTIONS: undefined, COLUMNS: '1000' };
    const { stderr, stdout } = spawnSync(process.execPath, args, {
      cwd: folder,
      encoding: 'utf8',
      env,
    });
    expect(stdout).toBe('done\ndone\n');
    expect(stderr).toContain('2 still open  rows  app.mjs:1');
    expect(stderr).toContain('asyncgen-hooks: 2 generators, 2 still open.');
    expect(stderr.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(readdirSync(folder).sort()).toEqual(['app.mjs', 'parent.mjs', 'r.html', 'r.json']);
    expect(existsSync(join(project.root, 'owned'))).toBe(false);
  });
});
