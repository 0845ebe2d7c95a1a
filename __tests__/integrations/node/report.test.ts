import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { packageRoot } from '../../environments/support/project.js';
import { NodeProject } from './support/node-project.js';

const read = (name: string): string => readFileSync(join(__dirname, 'programs', name), 'utf8');
const project = new NodeProject({ 'kinds.mjs': read('kinds.mjs') });
afterAll(() => project[Symbol.dispose]());

/** What is printed, with `N` for each time. */
const reportOf = async (
  args: readonly string[],
  env: NodeJS.ProcessEnv = { COLUMNS: '80' },
): Promise<string> => {
  const { stderr } = await project.bin(args, { env });
  return stderr.replace(/\b\d+(?:\.\d)? (?:ms|s)\b/g, 'N ms');
};

const REPORT = `
1 abandoned, 4 still open  rows  kinds.mjs:2
  3 open, parked at kinds.mjs:4 for up to N ms
  first iterated in begin() at kinds.mjs:20:13
  1 of them did not close in time; let what it waits for end
  1 abandoned, parked at kinds.mjs:4 for N ms
  first iterated at kinds.mjs:31:40
  1 open, parked at kinds.mjs:5 for N ms
  first iterated at kinds.mjs:25:12
    3 |   try {
  > 4 |     yield n;
    5 |     yield n;
    6 |   } finally {

1 still open  hangs  kinds.mjs:10
  in a step that is still pending for N ms
  first iterated in begin() at kinds.mjs:20:13
  did not close in time; let what it waits for end
     9 | }
  > 10 | async function* hangs() {
    11 |   yield 1;
    12 |   await new Promise(() => {});

1 function without a problem (--all lists them).

asyncgen-hooks: 7 generators, 1 abandoned, 5 still open.
`;
const FLAGS = ['--shutdown-timeout', '100', 'kinds.mjs'];

describe('the report for people', () => {
  test('what is left, where, since when, and who began it; the verdict is last', async () => {
    expect(await reportOf(FLAGS)).toBe(REPORT);
  });

  test.each([
    ['as COLUMNS has it', '60'],
    ['never below 40', '5'],
  ])('is as wide as the terminal, %s', async (_, COLUMNS) => {
    const text = await reportOf(['--all', ...FLAGS], { COLUMNS });
    const width = Math.max(40, Number(COLUMNS));
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(text).toContain('\nfine  kinds.mjs:14\n  1 called, 1 item, 1 exhausted, slowest');
  });

  test('80 columns where nobody says how many', async () => {
    const line = `async function* wide() { yield 1; ${'/* … */ '.repeat(200)}}`;
    project.write({ 'wide.mjs': `${line}\nglobalThis.held = wide();\nawait held.next();\n` });
    const text = await reportOf(['wide.mjs'], { COLUMNS: undefined });
    expect(Math.max(...text.split('\n').map((each) => each.length))).toBe(80);
  });

  test('a long name and a long path have lines of their own', async () => {
    const [name, file] = ['n'.repeat(60), `${'packages/'.repeat(7)}a.mjs`];
    project.write({
      [file]: `async function* ${name}() { yield 1; }\nglobalThis.held = ${name}();\nawait held.next();\n`,
    });
    const text = await reportOf(['--all', file]);
    expect(text).toContain(`\n1 still open\n  ${name}\n  ${file}:1\n`);
    expect(text).toContain(`\n${name}\n  ${file}:1\n  1 called, 1 item, 1 still open, slowest`);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('tabs, and characters as wide as two, keep to the columns of a terminal', async () => {
    const name = 'もの'.repeat(4);
    project.write({
      'wide.mjs': `async function* ${name}() {\n\t\t\t\tyield 1; // ${'🚀 日本語 '.repeat(20)}\n}\nglobalThis.held = ${name}();\nawait held.next();\n`,
    });
    const text = await reportOf(['wide.mjs']);
    expect(text).not.toContain('\t');
    // 28 columns, then 10 for each: a picture would take the last one and one more.
    expect(text).toContain(`\n  > 2 |         yield 1; // ${'🚀 日本語 '.repeat(5)}…\n`);
    expect(text).toContain(`\n1 still open  ${name}  wide.mjs:1\n`);
    const list = await reportOf(['--all', 'wide.mjs'], { COLUMNS: '100' });
    expect(list).toContain(`\n${name}  wide.mjs:1  1 called, 1 item, 1 still open, slowest step`);
  });

  test('what ended at once was not asked to close', async () => {
    const code = read('kinds.mjs').replace(/$/, '\nprocess.exit();\n');
    project.write({ 'exits.mjs': code });
    const text = await reportOf(['exits.mjs']);
    expect(text).not.toContain('did not close');
    expect(text).toContain('\n5 still open  rows  exits.mjs:2\n  3 open, parked at exits.mjs:4');
  });

  test('a step that hangs is the slowest', async () => {
    project.write({
      'hangs.mjs': `async function* hangs() { await new Promise((go) => setTimeout(go, 5)); yield 1; await new Promise(() => {}); }
        globalThis.held = hangs(); await held.next(); held.next();
        await new Promise((go) => setTimeout(go, 300));`,
    });
    await project.bin(['--json', 'report.json', '--shutdown-timeout', '10', 'hangs.mjs']);
    const [{ slowestStep, left }] = project.readJson('report.json').generators;
    expect(slowestStep).toBeGreaterThan(250);
    expect(left).toMatchObject([{ state: 'running', count: 1, stuck: 1 }]);
  });

  test('places are those of what the user wrote, where a loader has changed the text', async () => {
    project.link('esbuild', join(packageRoot, 'node_modules/esbuild'));
    project.write({
      'register.mjs': `import { register } from 'node:module'; register('./hooks.mjs', import.meta.url);`,
      'hooks.mjs': `import { readFileSync } from 'node:fs';
        import { fileURLToPath } from 'node:url';
        import { transformSync } from 'esbuild';
        export async function load(url, context, next) {
          if (!url.endsWith('.mts')) return next(url, context);
          const sourcefile = fileURLToPath(url);
          const options = { loader: 'ts', sourcefile, sourcemap: 'inline', minifyWhitespace: true };
          const { code } = transformSync(readFileSync(sourcefile, 'utf8'), options);
          return { format: 'module', source: code, shortCircuit: true };
        }`,
    });
    project.write({
      'typed.mts': `interface A {\n  b: number;\n}\nasync function* typed(): AsyncGenerator<A> {\n  yield { b: 1 };\n}\nasync function consume(gen: AsyncGenerator<A>): Promise<void> {\n  await gen.next();\n}\nconst held = typed();\nawait consume(held);\n(globalThis as any).held = held;\n`,
    });
    expect(await reportOf(['typed.mts'], { NODE_OPTIONS: '--import ./register.mjs' })).toContain(
      '  parked at typed.mts:5 for N ms\n  first iterated in consume() at typed.mts:8:13\n',
    );
  });
});

test('two processes that leave the same are told of once', async () => {
  project.write({
    'parent.mjs': `import { fork } from 'node:child_process'; fork('kinds.mjs'); fork('kinds.mjs');`,
  });
  const text = await reportOf(['--shutdown-timeout', '100', 'parent.mjs']);
  expect(text).toContain('\n2 abandoned, 8 still open  rows  kinds.mjs:2\n  6 open, parked');
  expect(text).toContain('  2 of them did not close in time');
});

test('what a worker leaves is told of, if it comes to its end', async () => {
  project.write({
    'threads.mjs': `import { Worker } from 'node:worker_threads'; new Worker('./kinds.mjs');`,
  });
  expect(await reportOf(['--shutdown-timeout', '100', 'threads.mjs'])).toContain(
    '  3 open, parked at kinds.mjs:4 for up to N ms\n  first iterated in begin() at kinds.mjs:20:13\n',
  );
});

test('what a yield* began is told of, though a compiler put the place of that step in', async () => {
  project.write({
    'outer.mjs': `async function* inner() { yield 1; }
async function* outer() { yield* inner(); }
const gen = (globalThis.gen = outer());
await gen.next();`,
  });
  expect(await reportOf(['outer.mjs'])).toContain(`
1 still open  inner  outer.mjs:1
  parked at outer.mjs:1 for N ms
  first iterated in outer() at outer.mjs:2:32
`);
});
