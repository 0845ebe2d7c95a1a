import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { fileOf } from '../helpers/docs.js';
import { printed, record } from '../integrations/bundlers/support/expected.js';
import { describeSwc, root } from './support.js';

/** Tools that hold an SWC, as a user configures them, each on a program that prints what its hooks see. */
const modules = join(root, '__tests__/swc-versions/node_modules');
const plugins = [['asyncgen-hooks/swc', {}]];

const PROGRAM = {
  'rows.ts':
    'export async function* rows(count: number): AsyncGenerator<number> {\n  for (let i = 0; i < count; i++) yield i;\n}\n',
  'main.ts': `import { describeAsyncGen, setAsyncGenHooks } from 'asyncgen-hooks';
import { rows } from './rows';
setAsyncGenHooks({ firstiter: (gen) => console.log('began', JSON.stringify(describeAsyncGen(gen))) });
void (async () => {
  for await (const row of rows(2)) console.log('row', row);
})();
`,
  'fails.ts': `async function* broken(): AsyncGenerator<number> {
  yield 1;
  throw new Error('broken');
}
void (async () => {
  try {
    for await (const _ of broken());
  } catch (error) {
    console.log((error as Error).stack);
  }
})();
`,
  'rows.test.ts': `import { rows } from './rows';
test('is hooked', async () => {
  const { describeAsyncGen, setAsyncGenHooks } = require('asyncgen-hooks');
  setAsyncGenHooks({ firstiter: () => {} });
  const gen = rows(1);
  await gen.next();
  expect(describeAsyncGen(gen)).toMatchObject({ name: 'rows', file: 'rows.ts', line: 1 });
});
`,
};

let project: string;

const link = (target: string, path: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
};

beforeAll(() => {
  project = mkdtempSync(join(realpathSync(tmpdir()), 'asyncgen-hooks-swc-tools-'));
  const into = join(project, 'node_modules');
  for (const part of ['dist', 'swc/asyncgen_hooks.wasm', 'swc/package.json', 'package.json'])
    cpSync(join(root, part), join(into, 'asyncgen-hooks', part), { recursive: true });
  const scoped = (from: string, name: string): string[] =>
    name.startsWith('@') ? readdirSync(join(from, name)).map((each) => `${name}/${each}`) : [name];
  const linked = new Set<string>();
  for (const from of [modules, join(root, 'node_modules')]) {
    for (const name of readdirSync(from).flatMap((name) => scoped(from, name))) {
      if (name.startsWith('.') || linked.has(name) || name === 'asyncgen-hooks') continue;
      linked.add(name);
      if (name !== '@vitejs/plugin-react-swc') link(join(from, name), join(into, name));
      // It looks for plugins from its own place.
      else cpSync(join(from, name), join(into, name), { recursive: true });
    }
  }
  for (const [name, text] of Object.entries(PROGRAM)) writeFileSync(join(project, name), text);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

const nodeWith = (env: NodeJS.ProcessEnv, ...args: string[]): string =>
  execFileSync(process.execPath, args, {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', CI: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const node = (...args: string[]): string => nodeWith({}, ...args);

const asModule = (program: string): string => node('--input-type=module', '-e', program);

/** Where the error of `fails.ts` comes from, by the source map of the bundle. */
function placeOfError(bundle: string): { source: string | null; line: number | null } {
  const [, line, column] = /fails\.[cm]?js:(\d+):(\d+)/.exec(node(bundle))!;
  const map = new TraceMap(readFileSync(join(project, `${bundle}.map`), 'utf8'));
  const found = originalPositionFor(map, { line: Number(line), column: Number(column) - 1 });
  return { source: found.source, line: found.line };
}

const BROKEN = { source: expect.stringMatching(/fails\.ts$/), line: 3 };

const write = (name: string, config: object | string): void =>
  writeFileSync(
    join(project, name),
    typeof config === 'string' ? config : JSON.stringify(config, undefined, 2),
  );

const jsc = { parser: { syntax: 'typescript' }, target: 'es2022', experimental: { plugins } };
const PRINTED = 'began {"name":"rows","file":"rows.ts","line":1,"column":7}\nrow 0\nrow 1\n';

describeSwc('the SWC plugin in', () => {
  test('@swc/cli', () => {
    write('.swcrc', { jsc, module: { type: 'commonjs' } });
    node('node_modules/@swc/cli/bin/swc.js', 'main.ts', 'rows.ts', '-d', 'out-cli');
    expect(node('out-cli/main.js')).toBe(PRINTED);
    rmSync(join(project, '.swcrc'));
  });

  test('@swc/jest', () => {
    write('jest.config.json', {
      transform: { '\\.ts$': ['@swc/jest', { jsc, swcrc: false }] },
      testMatch: ['**/rows.test.ts'],
    });
    const program = `require('jest').run(['--config', 'jest.config.json', '--json'])`;
    const { numPassedTests, numFailedTests } = JSON.parse(node('-e', program));
    expect([numPassedTests, numFailedTests]).toEqual([1, 0]);
  });

  test('builtin:swc-loader of Rspack', () => {
    write(
      'rspack.config.cjs',
      `module.exports = ${JSON.stringify({
        mode: 'production',
        target: 'node',
        devtool: 'source-map',
        entry: { main: './main.ts', fails: './fails.ts' },
        resolve: { extensions: ['.ts', '.mjs', '.js'] },
        output: { path: join(project, 'out-rspack') },
        module: {
          rules: [{ test: '(rule)', loader: 'builtin:swc-loader', options: { jsc } }],
        },
      }).replace('"(rule)"', '/\\.ts$/')}`,
    );
    node(
      '-e',
      `require('@rspack/core').rspack(require('./rspack.config.cjs'), (error, stats) => {
        if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exit(1); }
      })`,
    );
    expect(node('out-rspack/main.js')).toBe(PRINTED);
    expect(placeOfError('out-rspack/fails.js')).toEqual(BROKEN);
  });

  test('swc-loader with webpack', () => {
    node(
      '-e',
      `require('webpack')({
        mode: 'production', target: 'node', devtool: 'source-map',
        entry: { main: './main.ts', fails: './fails.ts' },
        resolve: { extensions: ['.ts', '.mjs', '.js'] },
        output: { path: ${JSON.stringify(join(project, 'out-webpack'))} },
        module: { rules: [{ test: /\\.ts$/, loader: 'swc-loader', options: { swcrc: false, jsc: ${JSON.stringify(jsc)} } }] },
      }, (error, stats) => {
        if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exit(1); }
      })`,
    );
    expect(node('out-webpack/main.js')).toBe(PRINTED);
    expect(placeOfError('out-webpack/fails.js')).toEqual(BROKEN);
  });

  test('Rsbuild', () => {
    asModule(`
      import { createRsbuild } from '@rsbuild/core';
      const rsbuild = await createRsbuild({
        rsbuildConfig: {
          source: { entry: { main: './main.ts' } },
          output: { target: 'node', distPath: { root: 'out-rsbuild' }, filename: { js: '[name].js' } },
          tools: { swc: ${JSON.stringify({ jsc: { experimental: { plugins } } })} },
          logLevel: 'error',
        },
      });
      await rsbuild.build();`);
    expect(node('out-rsbuild/main.js')).toBe(PRINTED);
  });

  test('Rsbuild with the plugin of Rspack, as its page says', () => {
    write('rsbuild.config.mjs', fileOf('rspack.md', 'rsbuild.config.mjs'));
    asModule(`
      import { createRsbuild } from '@rsbuild/core';
      import config from './rsbuild.config.mjs';
      const distPath = { root: 'out-rsbuild-plugin' };
      const output = { target: 'node', distPath, filename: { js: '[name].js' } };
      const rsbuild = await createRsbuild({ rsbuildConfig: { ...config, output, logLevel: 'error' } });
      await rsbuild.build();`);
    expect(node('out-rsbuild-plugin/main.js')).toBe(PRINTED);
  });

  test('@vitejs/plugin-react-swc', () => {
    asModule(`
      import react from '@vitejs/plugin-react-swc';
      import { build } from 'vite';
      await build({
        configFile: false,
        logLevel: 'error',
        plugins: [react({ plugins: ${JSON.stringify(plugins)} })],
        build: { ssr: 'main.ts', outDir: 'out-vite' },
      });`);
    expect(node('out-vite/main.mjs')).toBe(PRINTED);
  });

  test('@swc-node/register', () => {
    write('.swcrc', { jsc, module: { type: 'commonjs' } });
    expect(nodeWith({ SWCRC: 'true' }, '-r', '@swc-node/register', 'main.ts')).toBe(PRINTED);
    rmSync(join(project, '.swcrc'));
  });
});

/** `fixtures/app`, built to a module by each tool, prints what it prints everywhere. */
describeSwc('the fixture application, by', () => {
  const app = (...path: string[]): string => join(project, 'app', ...path);
  const nodeInApp = (...args: string[]): string =>
    execFileSync(process.execPath, args, {
      cwd: app(),
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', CI: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const options = { jsc: { ...jsc, parser: { syntax: 'typescript', tsx: true } } };

  beforeAll(() => {
    cpSync(join(root, 'fixtures/app'), app(), { recursive: true });
    cpSync(app('words'), join(project, 'node_modules/words'), { recursive: true });
  });

  const expectTold = (file: string): void => {
    const told = JSON.parse(nodeInApp('--enable-source-maps', file)) as Record<string, unknown>;
    expect(told).toMatchObject({ printed, record, words: 'not hooked' });
    expect(told.stack).toMatch(/src\/fail\.ts:5:\d+/);
  };

  test.each([
    ['webpack', 'swc-loader'],
    ['@rspack/core', 'builtin:swc-loader'],
    ['rspack-1.7', 'builtin:swc-loader'],
  ])('%s with %s', (bundler, loader) => {
    const out = `out-${bundler.replace('/', '-')}`;
    nodeInApp(
      '-e',
      `const bundler = require('${bundler}');
      (bundler.rspack ?? bundler)({
        mode: 'production', optimization: { minimize: false }, target: 'node', devtool: 'source-map',
        entry: './src/main.ts',
        resolve: { extensions: ['.ts', '.jsx', '.mjs', '.js'] },
        experiments: { outputModule: true },
        output: {
          path: require('node:path').resolve('${out}'), filename: 'main.mjs', module: true,
          chunkFormat: 'module', library: { type: 'module' },
        },
        module: { rules: [{ test: /\\.(ts|jsx)$/, loader: '${loader}', options: ${JSON.stringify(options)} }] },
      }, (error, stats) => {
        if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exit(1); }
      })`,
    );
    expectTold(`${out}/main.mjs`);
  });

  test('Rsbuild', () => {
    nodeInApp(
      '--input-type=module',
      '-e',
      `import { createRsbuild } from '@rsbuild/core';
      const rsbuild = await createRsbuild({
        rsbuildConfig: {
          source: { entry: { main: './src/main.ts' } },
          output: {
            target: 'node', module: true, sourceMap: true, minify: false,
            distPath: { root: 'out-rsbuild' }, filename: { js: '[name].mjs' },
          },
          tools: { swc: ${JSON.stringify({ jsc: { experimental: { plugins } } })} },
          logLevel: 'error',
        },
      });
      await rsbuild.build();`,
    );
    expectTold('out-rsbuild/main.mjs');
  });

  test('@vitejs/plugin-react-swc', () => {
    nodeInApp(
      '--input-type=module',
      '-e',
      `import react from '@vitejs/plugin-react-swc';
      import { build } from 'vite';
      await build({
        configFile: false,
        logLevel: 'error',
        plugins: [react({ plugins: ${JSON.stringify(plugins)} })],
        build: { ssr: 'src/main.ts', outDir: 'out-vite', sourcemap: true },
      });`,
    );
    expectTold('out-vite/main.js');
  });
});
