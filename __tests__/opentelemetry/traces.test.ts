import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const once = process.env.BABEL === '8' ? test.skip : test;

once('300 streams that clients leave: a trace each, every span ended, parents right', () => {
  const script = join(__dirname, '../../scripts/traces.mjs');
  const args = [script, '--requests', '300', '--rounds', '0'];
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toMatch(
    /^300 requests, (?!300|0 )\d+ read to the end: 300 traces, \d+ spans, 0 not ended, 0 traces lost, 0 with a wrong parent or number\nheap in use: .*\n$/,
  );
});
