import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { blocksOf, page } from '../../helpers/docs.js';
import { NodeProject } from './support/node-project.js';

const section = page('command.md') + page('node.md');
const blocks = [...blocksOf('command.md'), ...blocksOf('node.md')];
const [watch, register, compile] = blocks
  .filter(({ language }) => language === 'sh')
  .map(({ text }) => text.trim()) as [string, string, string];

let project: NodeProject;

beforeAll(() => {
  project = new NodeProject();
  const bin = join(project.root, 'node_modules/.bin/asyncgen-hooks');
  mkdirSync(dirname(bin), { recursive: true });
  writeFileSync(
    bin,
    `#!/bin/sh\nexec "${process.execPath}" node_modules/asyncgen-hooks/dist/bin.cjs "$@"\n`,
    {
      mode: 0o755,
    },
  );
  for (const { file, text } of blocks) if (file !== undefined) project.write({ [file]: text });
});
afterAll(() => project[Symbol.dispose]());

/** Runs a command of the docs, in the shell, with this Node. */
async function sh(command: string): Promise<{ stdout: string; stderr: string }> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const path = `${dirname(process.execPath)}:${env['PATH']}`;
  return promisify(execFile)('sh', ['-c', command], {
    cwd: project.root,
    env: { ...env, PATH: path, npm_config_update_notifier: 'false' },
  });
}

test('the commands are those that the tests run', () => {
  expect([watch, register, compile]).toEqual([
    expect.stringMatching(/^npx asyncgen-hooks /),
    expect.stringMatching(/^node --import asyncgen-hooks\/register /),
    expect.stringMatching(/^npx asyncgen-hooks compile /),
  ]);
});

test('the report is the one that the docs show', async () => {
  const { stdout, stderr } = await sh(watch);
  expect(stdout).toBe(
    'users is open\nusers is closed\norders is open\norders 1\norders is closed\n',
  );
  const shown = blocks.find(({ language }) => language === 'text')!.text;
  const withoutTimes = (text: string): string => text.replace(/\d+ ms/g, 'N ms');
  expect(withoutTimes(stderr)).toContain(withoutTimes(shown));
});

test('hooks of your own see what Node loads', async () => {
  const { stdout } = await sh(register);
  expect(stdout).toBe('rows was closed\n');
  expect(section).toContain('prints `rows was closed`');
  const nothing = await sh(register.replace('/register', ''));
  expect(nothing).toEqual({ stdout: '', stderr: '' });
});

test('a tree is compiled', async () => {
  const { stdout } = await sh(compile);
  expect(section).toContain(`prints \`${stdout.trim()}\``);
  expect(project.read('dist/ids.mjs')).toContain('asyncgen-hooks/shim');
});

test('each option of the command stands in the docs and in its help, and no other', async () => {
  const { stdout } = await project.command(['--help']);
  const options = (text: string): string[] =>
    [...new Set([...text.matchAll(/(?:^| |`)(--[a-z-]+)/gm)].map(([, name]) => name!))].sort();
  const table = section
    .split('\n')
    .filter((line) => line.startsWith('| `--'))
    .join('\n');
  const own = stdout.split('Examples:')[0]!;
  expect(options(table)).toEqual(
    options(own).filter((name) => !['--help', '--version'].includes(name)),
  );
});
