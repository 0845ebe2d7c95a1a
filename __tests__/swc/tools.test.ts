import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
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
  'rows.test.ts': `import { describeAsyncGen } from 'asyncgen-hooks';
import { rows } from './rows';
test('is hooked', async () => {
  const { describeAsyncGen, setAsyncGenHooks } = require('asyncgen-hooks');
  setAsyncGenHooks({ firstiter: () => {} });
  const gen = rows(1);
  await gen.next();
  expect(describeAsyncGen(gen)).toMatchObject({ name: 'rows', file: 'rows.ts', line: 1 });
});
`.replace("import { describeAsyncGen } from 'asyncgen-hooks';\n", ''),
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
      link(join(from, name), join(into, name));
    }
  }
  for (const [name, text] of Object.entries(PROGRAM)) writeFileSync(join(project, name), text);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

const node = (...args: string[]): string =>
  execFileSync(process.execPath, args, {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', CI: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

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
        entry: './main.ts',
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
  });

  test('swc-loader with webpack', () => {
    node(
      '-e',
      `require('webpack')({
        mode: 'production', target: 'node', entry: './main.ts',
        resolve: { extensions: ['.ts', '.mjs', '.js'] },
        output: { path: ${JSON.stringify(join(project, 'out-webpack'))} },
        module: { rules: [{ test: /\\.ts$/, loader: 'swc-loader', options: { swcrc: false, jsc: ${JSON.stringify(jsc)} } }] },
      }, (error, stats) => {
        if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exit(1); }
      })`,
    );
    expect(node('out-webpack/main.js')).toBe(PRINTED);
  });
});
