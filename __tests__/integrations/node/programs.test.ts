import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot } from '../../environments/support/project.js';
import { NodeProject, readTable, row } from './support/node-project.js';

const program = (name: string): string => readFileSync(join(__dirname, 'programs', name), 'utf8');
const dependency = (name: string): string => join(packageRoot, 'node_modules', name);

const specs = {
  'rows.mjs': program('rows.mjs'),
  'test/one.spec.mjs': program('rows.spec.mjs'),
  'test/two.spec.mjs': program('rows.spec.mjs'),
};
/** What one of the spec files does. */
const perSpec = { called: 4, items: 6, exhausted: 1, closed: 1, abandoned: 2 };
const times = (n: number, counts: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, n * count]));

test('a test runner: mocha', async () => {
  using project = new NodeProject(specs).link('mocha', dependency('mocha')) as NodeProject;
  const end = await project.command(['node_modules/mocha/bin/mocha.js', 'test/*.mjs']);
  expect(end.stdout).toMatch(/6 passing/);
  expect(end.stdout).toMatch(/2 failing/);
  expect(end.code).toBe(2);
  expect(readTable(end.stderr)).toEqual([row('rows', 'rows.mjs:1', times(2, perSpec))]);
});

test('a test runner with several processes: mocha --parallel', async () => {
  using project = new NodeProject(specs).link('mocha', dependency('mocha')) as NodeProject;
  const end = await project.command([
    'node_modules/mocha/bin/mocha.js',
    '--parallel',
    '--jobs',
    '2',
    'test/*.mjs',
  ]);
  expect(end.stdout).toMatch(/6 passing/);
  expect(end.code).toBe(2);
  // Its processes end by process.exit().
  const { abandoned, ...others } = times(2, perSpec);
  expect(readTable(end.stderr)).toEqual([
    row('rows', 'rows.mjs:1', { ...others, 'still open': abandoned! }),
  ]);
  expect(end.stderr).toContain('asyncgen-hooks: 2 processes were watched.');
  expect(end.stderr).toContain('asyncgen-hooks: 2 of them ended by process.exit()');
});

test('what a test runner loads by its own means is not seen, compiled or not: jest', async () => {
  using project = new NodeProject({
    'jest.config.json': { transform: {} },
    'rows.test.cjs': `const { fn } = require('asyncgen-hooks/shim');
      const plain = async function* () { yield 1; };
      const hooked = fn({ hooked: async function* () { yield 1; } });
      test('rows', async () => {
        for (const rows of [plain, hooked]) expect((await rows().next()).value).toBe(1);
      });`,
  });
  project.link('jest', dependency('jest'));
  const args = ['node_modules/jest/bin/jest.js', '--runInBand', '--testMatch', '**/*.test.cjs'];
  const { code, stderr } = await project.command(args);
  expect(code).toBe(0);
  expect(stderr).toContain('Tests:       1 passed');
  expect(readTable(stderr)).toEqual([]);
  expect(stderr).toContain('asyncgen-hooks: not watched: rows.test.cjs (run by node:vm');
});

test('a server that streams to clients: fastify', async () => {
  using project = new NodeProject({ 'server.mjs': program('server.mjs') });
  project.link('fastify', dependency('fastify'));
  const end = await project.command(['--json', 'report.json', 'server.mjs']);
  expect(end.stdout).toBe(`${'21\n'.repeat(5)}${'line 0\n'.repeat(4)}cut off\n`);
  expect(end.code).toBe(0);
  const [lines, broken, endless] = project.readJson('report.json').generators;
  expect(lines).toMatchObject({ name: 'lines', called: 9, items: 19, exhausted: 5, abandoned: 4 });
  expect(broken).toMatchObject({ name: 'broken', called: 1, items: 1, failed: 1 });
  expect(endless).toMatchObject({ name: 'endless', called: 1, closed: 1, open: 0, abandoned: 0 });
  expect(readTable(end.stderr)).toHaveLength(3);
});

test('a database client, its own generators included: mongodb', async () => {
  using project = new NodeProject({
    'database.mjs': program('database.mjs'),
    'mongo-server.mjs': readFileSync(
      join(packageRoot, '__tests__/packages/child/mongo-server.mjs'),
      'utf8',
    ),
  });
  project.install('mongodb', dependency('mongodb'));
  const include = ['--include', '*.mjs', '--include', 'node_modules/mongodb/lib/**'];
  const end = await project.command([...include, 'database.mjs']);
  expect({ ...end, stderr: '' }).toMatchObject({ stdout: 'ABCDE 4\n', code: 0 });
  // The hello, a find, two getMore and the endSessions, which wants no reply.
  const [commands, replies] = [5, 4];
  expect(
    readTable(end.stderr)
      .map(({ generator, counts: { called, items, exhausted = '-', closed = '-' } }) =>
        [generator, called, items, exhausted, closed].join(' '),
      )
      .sort(),
  ).toEqual([
    '[Symbol.asyncIterator] 1 5 1 -',
    `readMany ${replies} ${replies} - ${replies}`,
    `sendCommand ${commands} ${commands} - ${commands}`,
    `sendWire ${commands} ${commands} - ${commands}`,
    'upper 1 5 1 -',
  ]);
});
