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
  readonly edges: string;
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
    edges: all + read('edges.js'),
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

/**
 * The tests of `edges.js` that fail for what they leave open, by the text of the line that takes the first step; of two such
 * generators, the first.
 */
const EDGES_LEFT: Record<string, string> = {
  'of its beforeEach': "rows('before')",
  'of its afterEach': "rows('after')",
  'of its beforeEach that fails': "rows('failing before')",
  'of its afterEach that fails': "rows('failing after')",
  'leaves rows open if it is two: two': 'rows(name)',
  'begins what the next test reads on': '// begins',
  'begins what the last test called': '// begins, too',
  'ends while its step is pending': "rows('pending')",
  'takes too long, and leaves its rows open': "rows('late')",
};

/** Those that leave nothing open, or may do so. */
export const EDGES_PASS: readonly string[] = [
  'leaves rows open if it is two: one',
  'reads on what the last test began',
  'calls what the next test begins',
  'ends while its last step is pending',
  'comes behind one that takes too long',
];

/** @returns for each test of `edges.js` that fails for what it leaves open, a pattern of what is said of it. */
export function edgesLeft(edges: string, file: string): [title: string, says: RegExp][] {
  const lines = edges.split('\n');
  return Object.entries(EDGES_LEFT).map(([title, text]) => {
    const line = lines.findIndex((each) => each.includes(text)) + 1;
    const name = file.replaceAll('.', '\\.');
    return [title, new RegExp(`async generators? open[^]*first iterated at ${name}:${line}:\\d+`)];
  });
}

/**
 * What is said of `edges.js` as a whole: its top began one, a `beforeAll` that fails another one.
 *
 * @param who "the file", "the run"
 */
export function edgesFileLeft(edges: string, file: string, who = 'the file'): RegExp {
  const line = edges.split('\n').findIndex((each) => each.includes("rows('top')")) + 1;
  const name = file.replaceAll('.', '\\.');
  return new RegExp(
    `${who} left 2 async generators open\\.[^]*first iterated at ${name}:${line}:\\d+`,
  );
}

/** Without what differs from run to run. */
export const normalised = (output: string, root: string): string =>
  output
    .replaceAll(root, '<root>')
    .replace(/ \(\d+(?:\.\d+)? ?m?s\)/g, '')
    .replace(/\d+(?:\.\d+)? ?m?s\b/g, '<time>')
    .replace(/duration_ms:? [\d.]+/g, 'duration_ms <time>')
    // The frames below a test: the runner's, and ours.
    .replace(/^ +(?:at )?(?:.*\()?(?:node:|(?:file:\/\/)?<root>\/node_modules\/).*\n/gm, '');
