import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const fuzzer = join(__dirname, '../fuzz/run.mjs');

interface Failure {
  stdout: string;
  stderr: string;
}

/** In a process of its own: the ticks that it counts are to be Node's, not Jest's. */
const fuzz = (...args: string[]): Promise<string> =>
  promisify(execFile)(process.execPath, [fuzzer, ...args], { maxBuffer: 1e8 }).then(
    () => 'all equal',
    ({ stdout, stderr }: Failure) => `${stdout}${stderr}`,
  );

test('2,000 random programs do as they do natively, and hooks see them as the contract says', async () => {
  expect(await fuzz('--programs', '2000', '--seed', '1')).toBe('all equal');
}, 600_000);
