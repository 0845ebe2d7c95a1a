import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { XMLValidator } from 'fast-xml-parser';
import { NodeProject, readTable } from './support/node-project.js';

const kinds = readFileSync(join(__dirname, 'programs/kinds.mjs'), 'utf8');
/** What a name may do to a report: markup, commands, the end of a line. */
const HOSTILE = '</failure>]]>::error::%0A|`<script>\u001B[2J\n';
const project = new NodeProject({
  'kinds.mjs': kinds,
  'hostile.mjs': `const gen = { async *[${JSON.stringify(HOSTILE)}]() { yield 1; } };
    const [name] = Object.keys(gen);
    globalThis.held = gen[name]();
    await held.next();`,
  'clean.mjs': 'async function* clean() { yield 1; }\nfor await (const _ of clean());\n',
});
afterAll(() => project[Symbol.dispose]());

const ALL = ['junit', 'markdown', 'sarif'].flatMap((kind) => ['--reporter', `${kind}=out.${kind}`]);
const FAST = ['--shutdown-timeout', '50'];
const read = (kind: string): string =>
  project.read(`out.${kind}`).replace(/\b\d+(?:\.\d)? (?:ms|s)\b/g, 'N ms');

describe('what other tools read', () => {
  let annotations: string[];
  beforeAll(async () => {
    const { stderr } = await project.bin([...ALL, '--reporter', 'github', ...FAST, 'kinds.mjs']);
    annotations = stderr.split('\n').filter((line) => line.startsWith('::'));
  });

  test('github: an annotation where the function stands', () => {
    expect(annotations.map((line) => line.replace(/\d+ ms/g, 'N ms'))).toEqual([
      '::error file=kinds.mjs,line=2,col=1,title=async generator left open::rows: 1 abandoned, 4 still open' +
        '%0A3 open, parked at kinds.mjs:4 for up to N ms; first iterated in begin() at kinds.mjs:20:13' +
        '%0A1 abandoned, parked at kinds.mjs:4 for N ms; first iterated at kinds.mjs:31:40' +
        '%0A1 open, parked at kinds.mjs:5 for N ms; first iterated at kinds.mjs:25:12',
      '::error file=kinds.mjs,line=10,col=1,title=async generator left open::hangs: 1 still open' +
        '%0A1 in a step that is still pending for N ms; first iterated in begin() at kinds.mjs:20:13',
    ]);
  });

  test('junit: a test case for each function', () => {
    const text = read('junit');
    expect(XMLValidator.validate(text)).toBe(true);
    expect(text).toContain('<testsuites tests="3" failures="2" skipped="0">');
    expect(text).toContain('<testcase name="fine" classname="kinds.mjs:14"/>');
    expect(text).toContain(
      '<testcase name="hangs" classname="kinds.mjs:10"><failure message="hangs: 1 still open">1 in a step',
    );
  });

  test('markdown: a table', () => {
    expect(read('markdown').split('\n').slice(2, 6)).toEqual([
      '| async generators left open | defined at | where they are |',
      '|---|---|---|',
      expect.stringMatching(
        /^\| rows: 1 abandoned, 4 still open \| kinds\.mjs:2 \| 3 open, .*<br>1/,
      ),
      expect.stringMatching(/^\| hangs: 1 still open \| kinds\.mjs:10 \| 1 in a step that/),
    ]);
  });

  test('sarif: the places, too, where they are parked and were first iterated', () => {
    const { version, runs } = JSON.parse(read('sarif'));
    expect([version, runs.length, runs[0].results.length]).toEqual(['2.1.0', 1, 2]);
    const [{ ruleId, level, locations, relatedLocations }] = runs[0].results;
    expect([ruleId, level]).toEqual(['async-generator-left-open', 'error']);
    const placeOf = ({ physicalLocation: { artifactLocation, region } }: any): unknown[] => [
      artifactLocation.uri,
      region.startLine,
      region.startColumn,
    ];
    expect(locations.map(placeOf)).toEqual([['kinds.mjs', 2, 1]]);
    expect(relatedLocations.map(placeOf).slice(0, 2)).toEqual([
      ['kinds.mjs', 4, undefined],
      ['kinds.mjs', 20, 13],
    ]);
  });
});

test('no name gets out of its place', async () => {
  const { stderr } = await project.bin([...ALL, '--reporter', 'github', 'hostile.mjs']);
  expect(stderr.split('\n').filter((line) => line.startsWith('::'))).toHaveLength(1);
  expect(XMLValidator.validate(read('junit'))).toBe(true);
  expect(read('markdown').split('\n')).toHaveLength(6);
  expect(read('markdown')).not.toContain('<script>');
  for (const text of [stderr, read('junit'), read('markdown')])
    expect(text).not.toContain('\u001B');
});

test('sarif: a file is a path, whatever its name', async () => {
  const names = ['a b#c?%20.mjs', 'c:d.mjs'];
  for (const name of names) project.write({ [name]: project.read('hostile.mjs') });
  project.write({
    'both.mjs': names
      .map((name) => `import ${JSON.stringify(`./${encodeURIComponent(name)}`)};`)
      .join('\n'),
  });
  await project.bin([...ALL, 'both.mjs']);
  const { results } = JSON.parse(read('sarif')).runs[0];
  const files = results.map(
    ({ locations: [{ physicalLocation }] }: any) => physicalLocation.artifactLocation.uri,
  );
  expect(files.map((uri: string) => decodeURIComponent(new URL(uri, 'file:///').pathname))).toEqual(
    names.map((name) => `/${name}`),
  );
});

test('markdown goes to the summary of the job, where there is one', async () => {
  project.write({ 'summary.md': '# Before\n' });
  const env = { GITHUB_STEP_SUMMARY: join(project.root, 'summary.md') };
  await project.bin(['--reporter', 'markdown', 'clean.mjs'], { env });
  expect(project.read('summary.md')).toBe(
    '# Before\n### asyncgen-hooks\n\nNo async generator was left open (1 function).\n',
  );
});

test.each([
  [['--reporter', 'junt', 'x.mjs'], '"junt". Did you mean "junit"?'],
  [['--reporter', 'junit', 'x.mjs'], 'Name one: --reporter junit=<file>.'],
  [['--reporter', 'junit=no/such/folder', 'x.mjs'], 'Cannot write --reporter junit'],
  [['--baseline', 'none.json', 'x.mjs'], '--baseline none.json cannot be read'],
  [['--baseline', 'kinds.mjs', 'x.mjs'], 'is no report. Name a file that --json has written.'],
  [['report'], 'No files given. Name what --json has written.'],
])('%j is refused before the program runs', async (args, message) => {
  project.write({ 'x.mjs': 'console.log("ran");\n' });
  const { code, stdout, stderr } = await project.bin(args);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain(message);
});

describe('--baseline', () => {
  test('fails for new leaks only', async () => {
    await project.bin(['--json', 'before.json', ...FAST, 'kinds.mjs']);
    const same = await project.bin(['--baseline', 'before.json', ...FAST, 'kinds.mjs']);
    expect(same.code).toBe(0);
    expect(same.stderr).toContain('\n1 function without a problem, 2 functions in the baseline');
    project.write({
      'more.mjs': `import './kinds.mjs';\nasync function* more() { yield 1; }\nheld.push(more());\nawait held.at(-1).next();\n`,
    });
    const more = await project.bin(['--baseline', 'before.json', ...FAST, 'more.mjs']);
    expect(more.code).toBe(1);
    expect(more.stderr).toContain('the run fails: 1 new leak.');
  });
});

describe('report', () => {
  test('prints what --json wrote of several runs, together', async () => {
    await project.bin(['--json', 'one.json', ...FAST, 'kinds.mjs']);
    await project.bin(['--json', 'two.json', 'clean.mjs']);
    const { stdout, code } = await project.bin([
      'report',
      '--all',
      'one.json',
      'one.json',
      'two.json',
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('\n2 abandoned, 8 still open  rows  kinds.mjs:2\n  6 open, parked at');
    expect(readTable(stdout).map(({ generator, counts }) => [generator, counts['called']])).toEqual(
      [
        ['rows', 10],
        ['hangs', 2],
        ['fine', 2],
        ['clean', 1],
      ],
    );
    expect(stdout).toContain('asyncgen-hooks: 15 generators, 2 abandoned, 10 still open.\n');
    expect((await project.bin(['report', '--fail-on-leak', 'one.json'])).code).toBe(1);
    expect((await project.bin(['report', '--fail-on-leak', 'two.json'])).code).toBe(0);
  });
});

test('what only looks like a report is refused', async () => {
  await project.bin(['--json', 'good.json', ...FAST, 'kinds.mjs']);
  const good = project.readJson('good.json');
  for (const bad of [
    { cwd: undefined },
    { watched: 'much' },
    { missing: '1' },
    { dependencies: undefined },
    { lost: [1] },
    { unwatched: [null] },
    { generators: [null] },
    { generators: [{ ...good.generators[0], left: undefined }] },
    { generators: [{ ...good.generators[0], open: '1' }] },
  ]) {
    project.write({ 'bad.json': { ...good, ...bad } });
    const { code, stdout, stderr } = await project.bin(['report', 'bad.json']);
    expect([bad, code, stdout, stderr]).toEqual([
      bad,
      1,
      '',
      'asyncgen-hooks/node: report bad.json is no report. Name a file that --json has written.\nSee asyncgen-hooks/docs/errors.md#err_asyncgen_option\n',
    ]);
  }
});

test.each([[], ['compile'], ['report']])('the help of %j fits a terminal', async (...command) => {
  const { stdout } = await project.bin([...command, '--help']);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});
