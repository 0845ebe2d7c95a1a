import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { packageRoot, Project, PUBLISHED } from '../../environments/support/project.js';
import { describeInstalled, installed } from './support/installed.js';

/** The transformers that npm has, by the names that `transform` gives them. */
const TRANSFORMERS = {
  'ts-jest': {
    folder: installed('ts-jest'),
    options: { tsconfig: { target: 'es2022', module: 'commonjs', strict: true, types: [] } },
  },
  '@swc/jest': { folder: installed('@swc/jest', 'swc'), options: {} },
  'esbuild-jest': { folder: installed('esbuild-jest'), options: { sourcemap: true } },
};

const text = `declare const test: (name: string, fn: () => Promise<void>) => void;

interface Row {
  id: number;
}

async function* rows(): AsyncGenerator<Row> {
  yield { id: 1 };
}

test('is clean', async () => {
  for await (const _ of rows()) break;
});
test('leaves its rows open', async () => {
  const left: AsyncGenerator<Row> = rows();
  await left.next();
});
`;

const nameOf = (name: string): string => `${name.replace(/\W/g, '')}.test.ts`;

const folders = Object.values(TRANSFORMERS).map(({ folder }) => folder);
describeInstalled('Jest: a transformer of npm behind ours', folders, () => {
  const transform = Object.entries(TRANSFORMERS).map(([name, { options }]) => [
    `/${nameOf(name).replaceAll('.', '\\.')}$`,
    ['asyncgen-hooks/jest/transform', { transformer: [name, options] }],
  ]);
  const project = new Project({
    'jest.config.json': {
      preset: 'asyncgen-hooks/jest',
      cacheDirectory: '<rootDir>/cache',
      transform: Object.fromEntries(transform),
    },
    ...Object.fromEntries(Object.keys(TRANSFORMERS).map((name) => [nameOf(name), text])),
  });
  for (const [name, { folder }] of Object.entries(TRANSFORMERS)) project.link(name, folder);
  project
    .install('asyncgen-hooks', packageRoot, PUBLISHED)
    .link('typescript', join(dirname(installed('ts-jest')), 'typescript'));
  const run = project
    .run(require.resolve('jest/bin/jest'), '--json', '--no-watchman')
    .finally(() => project[Symbol.dispose]());

  test.each(Object.keys(TRANSFORMERS))('%s', async (name) => {
    const { testResults } = JSON.parse((await run).stdout);
    const file = testResults.find((each: { name: string }) => each.name.endsWith(nameOf(name)));
    expect(file.message).toMatch('leaves its rows open');
    const [clean, left] = file.assertionResults;
    expect(clean.failureMessages).toEqual([]);
    const at = nameOf(name).replaceAll('.', '\\.');
    expect(left.failureMessages.join()).toMatch(
      new RegExp(
        `rows \\(${at}:7:1\\) is parked at ${at}:8, after 1 item; first iterated at ${at}:16:\\d+\\.[^]*` +
          '> +8 \\|   yield \\{ id: 1 \\};',
      ),
    );
  });
});
