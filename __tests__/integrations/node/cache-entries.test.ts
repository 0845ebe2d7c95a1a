import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { requireBabel } from '../../helpers/babel.js';
import { esm, hooked, printed, use } from './support/modules.js';
import { NodeProject } from './support/node-project.js';

describe('an entry of the cache belongs to one source, byte for byte', () => {
  const folder = 'node_modules/.cache/asyncgen-hooks';
  const files = { 'main.mjs': esm('items', use('items')) };

  /** Runs each of some texts of one file, one after the other. */
  async function runEach(project: NodeProject, ...texts: string[]): Promise<string[]> {
    const out: string[] = [];
    for (const text of texts) {
      project.write({ 'main.cjs': text });
      out.push((await project.register('main.cjs')).stdout);
    }
    return out;
  }

  test('a source is not taken for the beginning of another one, nor its end for compiled code', async () => {
    using project = new NodeProject();
    const generator = 'async function* g() {}\n';
    const start = '// no async * any more\nconsole.log("start");\n';
    const tick = '\nconsole.log("tick");\n';
    expect(await runEach(project, generator, start + tick + tick, start)).toEqual([
      '',
      'start\ntick\ntick\n',
      'start\n',
    ]);
    // Where what is cut off is nothing but blank lines, the rest is an empty program.
    expect(await runEach(project, `${start}\n\n`, start)).toEqual(['start\n', 'start\n']);
  });

  test('what moves between two neighbours of an entry makes another one of it', async () => {
    using project = new NodeProject();
    const generator = 'console.log((async function* () {}).name, 1);\n';
    for (const text of [generator, `${generator}\n`, `\n${generator}`, generator + generator])
      expect(await runEach(project, text, text)).toEqual(
        Array<string>(2).fill(' 1\n'.repeat(text === generator + generator ? 2 : 1)),
      );
  });

  test('an entry of another version of Babel, or of a part of it, is none', async () => {
    using project = new NodeProject(files, { hasBabel: false });
    const real = requireBabel.resolve('@babel/core');
    const parts = ['core', 'parser', 'traverse', 'types', 'template', 'generator'];
    const setVersion = (part: string, version: string): void =>
      void project.write({ [`node_modules/@babel/${part}/package.json`]: { version } });
    for (const part of parts) setVersion(part, '7.99.0');
    project.write({
      'node_modules/@babel/core/index.js': `console.log('Babel is loaded');\nmodule.exports = require(${JSON.stringify(real)});\n`,
    });
    const anew = `Babel is loaded\n${hooked('items main.mjs:1')}`;
    expect(await printed(project, 'main.mjs')).toBe(anew);
    expect(await printed(project, 'main.mjs')).toBe(hooked('items main.mjs:1'));
    for (const part of parts) {
      setVersion(part, '7.99.1');
      expect([part, await printed(project, 'main.mjs')]).toEqual([part, anew]);
    }
  });

  test('nor is one of another source map', async () => {
    using project = new NodeProject({
      'main.cjs':
        'async function* g() {}\nconsole.log(/\\w+\\.ts:\\d+/.exec(new Error().stack)?.[0]);\n//# sourceMappingURL=main.cjs.map\n',
    });
    const map = (line: string): object => ({
      version: 3,
      sources: ['a.ts'],
      names: [],
      mappings: `AAAA;${line}`,
    });
    project.write({ 'main.cjs.map': map('AACA') });
    expect((await project.register('main.cjs')).stdout).toBe('a.ts:2\n');
    project.write({ 'main.cjs.map': map('AAACAA') });
    project.write({ 'main.cjs.map': { ...map('AASA'), file: 'main.cjs' } });
    expect((await project.register('main.cjs')).stdout).toBe('a.ts:10\n');
  });

  test('a map stands beside its own entry only, and an old one does not stay', async () => {
    using project = new NodeProject();
    const maps = (): string[] =>
      readdirSync(join(project.root, folder)).filter((name) => name.endsWith('.map'));
    await runEach(project, 'async function* a() {}\n');
    const [before] = maps();
    await runEach(project, '\nasync function* a() {}\n');
    expect(maps()).toHaveLength(1);
    expect(maps()).not.toEqual([before]);
  });

  const withLimits = process.platform === 'win32' ? test.skip : test;
  withLimits('a disk that is full is left as it was', async () => {
    using project = new NodeProject();
    const text = `async function* g() { yield 1; }\n${'g();\n'.repeat(2000)}console.log('done');\n`;
    project.write({ 'main.cjs': text });
    // No file may grow beyond 4 kB: to write fails in the middle, as on a full disk.
    const node = `ulimit -f 8; exec "${process.execPath}" --import asyncgen-hooks/register main.cjs`;
    for (let run = 0; run < 2; run++) {
      const { status, stdout } = spawnSync('sh', ['-c', node], {
        cwd: project.root,
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      expect({ status, stdout }).toEqual({ status: 0, stdout: 'done\n' });
      expect(readdirSync(join(project.root, folder))).toEqual([]);
    }
  });

  const withModes = process.platform === 'win32' ? test.skip : test;
  withModes('the folder that other tools share is made as they would make it', async () => {
    using project = new NodeProject(files);
    await printed(project, 'main.mjs');
    const mode = (name: string): number => statSync(join(project.root, name)).mode & 0o777;
    expect(mode(folder)).toBe(0o700);
    expect(mode('node_modules/.cache')).toBe(0o777 & ~process.umask());
  });
});
