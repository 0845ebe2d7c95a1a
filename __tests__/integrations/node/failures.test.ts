import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../environments/support/project.js';
import { esm } from './support/modules.js';
import { NodeProject, readTable } from './support/node-project.js';

/** The engine overflows the stack on it; Node does not. */
const sumOf = (terms: number): string =>
  `${esm('items')}export const total = ${Array<number>(terms).fill(1).join(' + ')};\nconsole.log(total);\n`;
const long = sumOf(30_001);
const fact = (file: string): RegExp =>
  new RegExp(
    `asyncgen-hooks/node: .*${file} cannot be compiled \\(RangeError: Maximum call stack size exceeded\\), and no hook will see its async generators\\.`,
  );

describe('a file that the engine fails on is left as it is, with a warning', () => {
  const files = {
    'main.mjs': `import './long.mjs';\nimport { other } from './other.mjs';\nfor await (const _ of other());\n`,
    'long.mjs': long,
    'long.cjs': long.replaceAll('export ', ''),
    'other.mjs': esm('other'),
    'loader.mjs': 'export {};\n',
  };

  test('by register, each time', async () => {
    using project = new NodeProject(files);
    for (const name of ['long.mjs', 'long.mjs', 'long.cjs']) {
      const end = await project.register(name);
      expect(end).toMatchObject({ stdout: '30001\n', code: 0 });
      expect(end.stderr).toMatch(fact(name));
      expect(end.stderr).toContain('[ERR_ASYNCGEN_COMPILE]');
    }
  });

  test('in the thread of the loaders', async () => {
    using project = new NodeProject(files);
    const end = await project.register('--experimental-loader', './loader.mjs', 'long.mjs');
    expect(end).toMatchObject({ stdout: '30001\n', code: 0 });
    expect(end.stderr).toMatch(fact('long.mjs'));
  });

  test('by the command, which watches the others', async () => {
    using project = new NodeProject(files);
    const end = await project.command(['main.mjs']);
    expect(end).toMatchObject({ stdout: '30001\n', code: 0 });
    expect(end.stderr).toMatch(fact('long.mjs'));
    expect(readTable(end.stderr)).toMatchObject([{ generator: 'other' }]);
  });

  test('by "compile", which copies it', async () => {
    using project = new NodeProject(files);
    const end = await project.command(['compile', 'long.mjs', 'other.mjs', '-d', 'out']);
    expect(end).toMatchObject({
      stdout: 'asyncgen-hooks: compiled 1 file, copied 1 file to out.\n',
      code: 1,
    });
    expect(end.stderr).toMatch(fact('long.mjs'));
    expect(end.stderr).toContain('Name it in --exclude.');
    expect(project.read('out/long.mjs')).toBe(long);
  });
});

test('a megabyte that looks like imports is compiled in time', async () => {
  using project = new NodeProject();
  const imports = 'import {\n'.repeat(110_000);
  project.write({
    'main.mjs': `${esm('items')}console.log(\`\n${imports}\`.length);\n`,
  });
  expect(await project.register('main.mjs')).toMatchObject({
    stdout: `${imports.length + 1}\n`,
    code: 0,
  });
});

test('a program that has no copy of the package finds the runtime beside the loader', async () => {
  using project = new NodeProject({
    'main.mjs': `${esm('items')}console.log((await items().next()).value);\n`,
    'main.cjs': `${esm('items').replace('export ', '')}items().next().then(({ value }) => console.log(value));\n`,
  });
  rmSync(join(project.root, 'node_modules/asyncgen-hooks'), { recursive: true });
  for (const main of ['main.mjs', 'main.cjs'])
    expect(
      await project.start(['--require', join(packageRoot, 'dist/register.cjs'), main]),
    ).toMatchObject({ stdout: '1\n', stderr: '', code: 0 });
});
