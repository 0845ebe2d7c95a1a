import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot, Project, PUBLISHED } from '../../environments/support/project.js';
import { requireBabel } from '../../helpers/babel.js';
import { describeInstalled, installed } from './support/installed.js';
import { normalised, rows } from './support/programs.js';

/** What is covered, with all that may go wrong in counting: branches, functions that nobody calls, statements behind a return. */
const source = `${rows}
export async function* pages(size, mayFail = false) {
  if (mayFail) throw new Error('no pages');
  let page = 0;
  try {
    while (true) {
      if (page > 2) return page;
      yield page++ * size;
    }
  } catch (error) {
    console.log(error);
  } finally {
    page = size > 1 ? -1 : -2;
  }
}

export const never = async function* () {
  yield* pages(1);
};

export class Table {
  async *[Symbol.asyncIterator]() {
    yield* pages(2);
  }
  async *unused() {}
}
`;

const tests = (head: string): string => `${head}
import { pages, rows, Table } from './rows.js';
test('matches its snapshot', async () => {
  const seen = [];
  for await (const page of new Table()) seen.push(page);
  expect(seen).toMatchSnapshot();
  for await (const page of pages(10)) {
    if (page === 10) break;
    expect({ page }).toMatchSnapshot('page');
  }
});
test('fails', async () => {
  for await (const row of rows('table')) {
    expect(row).toBe('table 2');
    if (row === 'table 2') break;
  }
});
test('comes behind one that fails', () => {});
`;

/** What `node:test` runs, and c8. */
const reads = `import { test } from 'node:test';
import { pages, rows, Table } from './rows.js';
test('reads', async () => {
  for await (const page of new Table());
  for await (const page of pages(10)) if (page === 10) break;
  for await (const row of rows('table')) if (row === 'table 2') break;
});
`;

interface Run {
  readonly said: string;
  readonly snapshots: string;
}

async function run(project: Project, snapshots: string, args: readonly string[]): Promise<Run> {
  const { stdout, stderr } = await project.run(...args);
  return {
    said: normalised(stdout + stderr, project.root),
    snapshots: readFileSync(join(project.root, snapshots), 'utf8'),
  };
}

const MODULES = '@babel/plugin-transform-modules-commonjs';
const packageFolder = (name: string): string =>
  dirname(requireBabel.resolve(`${name}/package.json`));

test('Jest: numbers of coverage, snapshots and all that is printed are as without us', async () => {
  const runs: Run[] = [];
  for (const preset of [{ preset: 'asyncgen-hooks/jest' }, {}]) {
    using project = new Project({
      'babel.config.json': { plugins: [MODULES] },
      'jest.config.json': { cacheDirectory: '<rootDir>/cache', ...preset },
      'rows.js': source,
      'a.test.js': tests(''),
    });
    project
      .install('asyncgen-hooks', packageRoot, PUBLISHED)
      .link('@babel/core', packageFolder('@babel/core'))
      .link(MODULES, packageFolder(MODULES));
    const coverage = ['--coverage', '--coverageProvider=babel', '--coverageReporters=text'];
    const args = [require.resolve('jest/bin/jest'), '--ci=false', '--no-watchman', ...coverage];
    runs.push(await run(project, '__snapshots__/a.test.js.snap', args));
  }
  const [ours, theirs] = runs;
  expect(theirs!.said).toMatch(/rows\.js +\| +\d/);
  expect(ours!.said).toBe(theirs!.said);
  expect(theirs!.snapshots).toMatch(/matches its snapshot: page 1/);
  expect(ours!.snapshots).toBe(theirs!.snapshots);
});

const PACKAGES = ['vitest', '@vitest/coverage-istanbul', '@vitest/coverage-v8'];
describeInstalled(
  'Vitest 5',
  PACKAGES.map((name) => installed(name)),
  () => {
    test.each([
      ['istanbul', source],
      // By V8, Vitest has wrong places for what it moves away from the first line.
      ['v8', `// Tables.\n${source}`],
    ])(
      'numbers of coverage by %s, snapshots, --bail and all that is printed are as without us',
      async (provider, source) => {
        const runs: Run[] = [];
        for (const plugins of ['[asyncGenHooks()]', '[]']) {
          using project = new Project({
            'package.json': { type: 'module' },
            'vitest.config.mjs': `import asyncGenHooks from 'asyncgen-hooks/vitest';
export default {
  plugins: ${plugins},
  test: {
    bail: 1,
    reporters: ['tap-flat'],
    coverage: { enabled: true, provider: '${provider}', reporter: ['text'], include: ['*.js'], reportOnFailure: true },
  },
};
`,
            'rows.js': source,
            'a.test.js': tests("import { expect, test } from 'vitest';"),
          });
          for (const name of ['vite', 'vitest', '@vitest']) project.link(name, installed(name));
          project.install('asyncgen-hooks', packageRoot, PUBLISHED);
          const args = ['node_modules/vitest/vitest.mjs', 'run', '--update=new'];
          runs.push(await run(project, '__snapshots__/a.test.js.snap', args));
        }
        const [ours, theirs] = runs;
        const timeless = ({ said }: Run): string => said.replace(/# time=.*/g, '');
        expect(theirs!.said).toMatch(/rows\.js +\| +\d/);
        expect(theirs!.said).toMatch(/comes behind one that fails # SKIP|^1\.\.3/m);
        expect(timeless(ours!)).toBe(timeless(theirs!));
        expect(theirs!.snapshots).toMatch(/matches its snapshot > page 1/);
        expect(ours!.snapshots).toBe(theirs!.snapshots);
      },
    );
  },
);

/** With us and without, at the same time: the tables that are printed. */
async function tables(args: readonly string[], ours: readonly string[]): Promise<string[]> {
  using project = new Project({
    'package.json': { type: 'module' },
    'rows.js': source,
    'reads.test.js': reads,
  });
  project.install('asyncgen-hooks', packageRoot, PUBLISHED);
  const runs = [
    [...args, ...ours, 'reads.test.js'],
    [...args, 'reads.test.js'],
  ];
  const ended = await Promise.all(runs.map((each) => project.run(...each)));
  return ended.map(({ stdout }) =>
    stdout
      .split('\n')
      .filter((line) => /^\S* ?(?:rows\.js|File|file|All files|all files) +\|/.test(line))
      .join('\n'),
  );
}

test('node:test: numbers of coverage are as without us', async () => {
  const args = ['--test-reporter=tap', '--experimental-test-coverage', '--test'];
  const [ours, theirs] = await tables(args, ['--import', 'asyncgen-hooks/node-test']);
  expect(theirs).toMatch(/# rows\.js +\| +87\.\d/);
  expect(ours).toBe(theirs);
});

describeInstalled('c8', [installed('c8')], () => {
  test('numbers of coverage are as without us', async () => {
    const args = [join(installed('c8'), 'bin/c8.js'), '--reporter=text', process.execPath];
    const [ours, theirs] = await tables(args, ['--import', 'asyncgen-hooks/register']);
    expect(theirs).toMatch(/rows\.js +\| +87\.\d/);
    expect(ours).toBe(theirs);
  });
});
