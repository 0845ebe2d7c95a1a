import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { describeSwc } from './swc/support.js';

const fuzzer = join(__dirname, '../fuzz/run.mjs');

/** In a process of its own: the ticks that it counts are to be Node's, not Jest's. */
const fuzz = (...args: string[]): Promise<string> =>
  promisify(execFile)(process.execPath, [fuzzer, ...args], { maxBuffer: 1e8 }).then(
    ({ stdout }) => stdout,
    ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
  );

test('500 random programs do as they do natively, and hooks see them as the contract says', async () => {
  expect(await fuzz('--programs', '500', '--seed', '1')).toMatch(
    /^seed 1, 500 programs, \d+ threads\n500 programs were run, all equal, in \d+ s\n$/,
  );
}, 600_000);

test('the same by the engine, with white space, comments, semicolons and line ends at random', async () => {
  const args = ['--programs', '500', '--seed', '1', '--compiler', 'engine', '--edits'];
  expect(await fuzz(...args)).toMatch(
    /^seed 1, 500 programs, \d+ threads\n500 programs were run, all equal, in \d+ s\n$/,
  );
}, 600_000);

describeSwc('by the SWC plugin', () => {
  test.each(['swc', 'swc-1.15'])(
    '300 random programs, compiled by %s',
    async (compiler) => {
      const args = ['--programs', '300', '--seed', '1', '--compiler', compiler];
      expect(await fuzz(...args)).toMatch(
        /^seed 1, 300 programs, \d+ threads\n300 programs were run, all equal, in \d+ s\n$/,
      );
    },
    600_000,
  );
});
