import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '../programs');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** What the tests test. */
export const rows = read('rows.js');

interface Programs {
  readonly tests: string;
  readonly concurrent: string;
  readonly healthy: string;
}

/**
 * Files of tests for a runner.
 *
 * @param head what they call: `test`, `suite`, `beforeEach`, `equal`, …
 * @param tail what stands behind the concurrent tests.
 */
export function testsFor(head: string, tail = ''): Programs {
  const all = `${head}
import { rows, stuck } from './rows.js';
import { allowOpenAsyncGens } from 'asyncgen-hooks/testing';
`;
  return {
    tests: all + read('tests.js'),
    concurrent: `${all}${read('concurrent.js')}${tail}`,
    healthy: all + read('healthy.js'),
  };
}

/** The tests of `tests.js`, and how often each fails. */
export const RESULTS = {
  'is clean': 0,
  'leaves its rows open': 1,
  'steps what afterEach closes': 0,
  'leaves a step that never settles': 1,
  'may leave its rows open': 0,
  'calls back, and leaves its rows open': 1,
  'reads rows that are not its own': 0,
};

/** Without what differs from run to run. */
export const normalised = (output: string, root: string): string =>
  output
    .replaceAll(root, '<root>')
    .replace(/ \(\d+(?:\.\d+)? ?m?s\)/g, '')
    .replace(/\d+(?:\.\d+)? ?m?s\b/g, '<time>')
    .replace(/duration_ms:? [\d.]+/g, 'duration_ms <time>')
    // The frames below a test: the runner's, and ours.
    .replace(/^ +(?:at )?(?:.*\()?(?:node:|(?:file:\/\/)?<root>\/node_modules\/).*\n/gm, '');
