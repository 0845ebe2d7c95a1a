import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, test } from '@jest/globals';
import { blocksOf, fileOf } from '../helpers/docs.js';
import { NodeProject } from './node/support/node-project.js';
import { bun, deno } from './support/runtimes.js';

const describeRuntime = (name: string, file: string | undefined, tests: () => void): void => {
  if (file !== undefined || process.env['CI']) return describe(name, tests);
  console.warn(
    `integrations: ${name}, it is not installed, and its tests are skipped. Run node scripts/install-packages.mjs __tests__/runtimes.`,
  );
  describe.skip(name, tests);
};

const hooks = `import { addAsyncGenHooks } from 'asyncgen-hooks';
addAsyncGenHooks({
  firstiter: (gen, { site }) => console.log('first', site.name, site.file, site.line),
  finalizer: (gen, { type }) => console.log(type),
});
`;
const program = `${hooks}interface Row { id: number }
async function* rows(): AsyncGenerator<Row> {
  try {
    yield { id: 1 };
  } finally {
    console.log('closed the cursor');
  }
}
for await (const row of rows()) break;
`;
/** What a body sees of a store, its `finally` included: that of the call. */
const inContext = `import { AsyncLocalStorage } from 'node:async_hooks';
import { keepAsyncContext } from 'asyncgen-hooks/context';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';
keepAsyncContext();
const store = new AsyncLocalStorage();
async function* rows() {
  try {
    yield store.getStore();
    await null;
    yield store.getStore();
  } finally {
    console.log('finally', store.getStore());
  }
}
const gen = store.run('call', () => rows());
for (const step of ['a', 'b'])
  console.log((await store.run(step, () => gen.next())).value, store.getStore());
await store.run('end', () => gen.return());
await using tracker = trackAsyncGens();
const held = tracker.scope();
await held.run(async () => {
  await rows().next();
  console.log(held.live().length);
});
await held.close();
`;
const kept = 'call undefined\ncall undefined\nfinally call\n1\nfinally undefined\n';
const seen = 'first rows app.ts 7\nclosed the cursor\nclosed\n';
const project = new NodeProject({
  'package.json': {},
  'app.ts': program,
  'context.ts': inContext,
  'lib.mjs': 'export async function* lib() { yield 1; }\n',
  'main.cjs': `require('./hooks.cjs');
exports.kept = async function* kept() { yield 1; };
exports.kept().next();
console.log(typeof module, __filename.endsWith('main.cjs'));
`,
  'hooks.cjs': hooks.replace(/import (.*) from (.*);/, 'const $1 = require($2);'),
});
afterAll(() => project[Symbol.dispose]());

function run(file: string | undefined, ...args: string[]): string {
  const env = { ...process.env, NODE_OPTIONS: undefined, NO_COLOR: '1', FORCE_COLOR: undefined };
  const { stdout, stderr } = spawnSync(file!, args, { cwd: project.root, encoding: 'utf8', env });
  return stdout + stderr;
}

const [onBun, onDeno] = blocksOf('bun-and-deno.md')[0]!.text.trim().split('\n') as [string, string];

describeRuntime('Bun', bun, () => {
  const preload = ['--preload', 'asyncgen-hooks/bun'];

  test('compiles what it loads by --preload', () => {
    expect(run(bun, ...onBun.split(' ').slice(1))).toBe(seen);
  });

  test('keeps contexts, and has scopes', () => {
    expect(run(bun, ...preload, 'context.ts')).toBe(kept);
  });

  test('CommonJS runs as without us', () => {
    expect(run(bun, ...preload, 'main.cjs')).toBe('object true\n');
  });

  test('the files of its tests are compiled', () => {
    project.write({
      'a.test.ts': `import { expect, test } from 'bun:test';
        import { addAsyncGenHooks } from 'asyncgen-hooks';
        async function* rows() { yield 1; }
        test('is seen', async () => {
          const seen = [];
          addAsyncGenHooks({ firstiter: (gen, { site }) => seen.push(site.name) });
          await rows().next();
          expect(seen).toEqual(['rows']);
        });`,
    });
    expect(run(bun, 'test', ...preload)).toContain('1 pass\n 0 fail');
  });

  test('options of a preloaded file count', () => {
    project.write({ 'preload.ts': fileOf('bun-and-deno.md', 'preload.ts') });
    expect(run(bun, '--preload', './preload.ts', 'app.ts')).toBe('closed the cursor\n');
  });

  test('Bun.build takes the plugin, for CommonJS, too', () => {
    project.write({
      'entry.ts': `${program}import './main.cjs';\n`,
      'build.ts': fileOf('bun-and-deno.md', 'build.ts').replace('app.ts', 'entry.ts'),
    });
    expect(run(bun, 'build.ts')).toBe('');
    const printed = run(bun, 'dist/entry.js');
    expect(printed).toContain('first kept main.cjs 2\n');
    expect(printed).toContain('first rows entry.ts 7\nclosed the cursor\nclosed\n');
  });

  test('what does not work there says so in one line', () => {
    const bin = 'node_modules/asyncgen-hooks/dist/bin.cjs';
    expect(run(bun, bin, 'app.ts')).toBe(
      'asyncgen-hooks: the command runs programs with Node, and this is Bun. Use the hooks: bun --preload asyncgen-hooks/bun app.ts.\nSee asyncgen-hooks/docs/errors.md#err_asyncgen_runtime\n',
    );
    expect(run(bun, '--preload', 'asyncgen-hooks/register', 'app.ts')).toContain(
      '[ERR_ASYNCGEN_RUNTIME] AsyncGenHooksWarning: asyncgen-hooks/node: Bun lets nobody see what it loads',
    );
  });
});

describeRuntime('Deno', deno, () => {
  test('compiles what it loads by --preload', () => {
    const preload = './node_modules/asyncgen-hooks/dist/register.mjs';
    expect(run(deno, ...onDeno.split(' ').slice(1))).toBe(seen);
    expect(run(deno, 'run', '-A', '--preload', preload, 'main.cjs')).toBe(
      'first kept main.cjs 2\nobject true\n',
    );
  });

  test('keeps contexts, and has scopes', () => {
    const preload = './node_modules/asyncgen-hooks/dist/register.mjs';
    expect(run(deno, 'run', '-A', '--preload', preload, 'context.ts')).toBe(kept);
  });

  test('of a module that it loads past all hooks, it says so in one line', () => {
    const preload = './node_modules/asyncgen-hooks/dist/register.mjs';
    const module = `import '../hooks.cjs';\nexport async function* rows() { yield 1; }\nawait rows().next();\n`;
    project.write({
      'lost/package.json': { type: 'commonjs' },
      'lost/app.ts': module,
      'lost/seen.mts': module,
      'lost/main.mjs': `import './seen.mts';\nimport './app.ts';\n`,
    });
    const said =
      /^.*\[ERR_ASYNCGEN_RUNTIME\] .*Deno loads \S*app\.ts, an ES module .* Name it \.mts, or set "type": "module"\. Said once\.\nSee .*#err_asyncgen_runtime\n/m;
    const asMain = run(deno, 'run', '-A', '--preload', preload, 'lost/app.ts');
    expect(asMain).toMatch(said);
    expect(asMain.replace(said, '')).toBe('');
    const imported = run(deno, 'run', '-A', '--preload', preload, 'lost/main.mjs');
    expect(imported).toMatch(said);
    expect(imported.replace(said, '')).toBe('first rows lost/seen.mts 2\n');
  });

  test('runs a tree that was compiled', async () => {
    project.write({ 'src/app.ts': program });
    await project.bin(['compile', 'src', '-d', 'compiled']);
    expect(run(deno, 'run', '-A', 'compiled/app.ts')).toBe(seen.replace('app.ts', 'src/app.ts'));
  });

  test('the command says in one line that it needs Node', () => {
    const bin = 'node_modules/asyncgen-hooks/dist/bin.cjs';
    expect(run(deno, 'run', '-A', bin, 'app.ts')).toContain(
      'asyncgen-hooks: the command runs programs with Node, and this is Deno. Use the hooks: deno run -A',
    );
  });
});
