import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const fuzzer = join(__dirname, '../../fuzz/context/run.mjs');

/** It compiles with this package's own Babel, whichever compiles the tests. */
const once = process.env.BABEL === '8' ? test.skip : test;

once('in random programs a body reads what was set where its function was called', () => {
  const args = [fuzzer, '--programs', '80', '--seed', '1'];
  const lines = execFileSync(process.execPath, args, { encoding: 'utf8', stdio: 'pipe' }).split(
    '\n',
  );
  const [reads, dropped] = [/(\d+) reads/, /(\d+) of them/].map((at) =>
    Number(at.exec(lines[0]!)![1]),
  );
  const natively = Number(/^natively, (\d+) programs read/.exec(lines[1]!)![1]);
  expect(reads).toBeGreaterThan(2000);
  expect(dropped).toBeGreaterThan(20);
  expect(natively).toBeGreaterThan(40);
  expect(lines[2]).toBe('with keepAsyncContext(), 0');
});
