import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { requireBabel } from '../helpers/babel.js';
import { fileOf } from '../helpers/docs.js';
import { packageRoot, Project, PUBLISHED } from './support/project.js';
import { LEAKS, leaksTest } from './support/programs.js';

const vitest = (files: Record<string, string>): Project =>
  new Project(files)
    .install('asyncgen-hooks', packageRoot, PUBLISHED)
    .link('@babel/core', dirname(requireBabel.resolve('@babel/core/package.json')))
    .link('vite', join(packageRoot, 'node_modules/vite'))
    .link('vitest', join(packageRoot, 'node_modules/vitest'));

const run = async (project: Project) => {
  const vitest = 'node_modules/vitest/vitest.mjs';
  const { stdout, stderr } = await project.run(vitest, 'run', '--reporter=json', '--no-cache');
  const [{ assertionResults }] = JSON.parse(stdout).testResults;
  return { assertionResults, stderr };
};

test('Vitest: with the setup of the docs, the test fails that leaves a generator open', async () => {
  using project = vitest({
    'vitest.config.mjs': fileOf('tests.md', 'vitest.config.mjs'),
    'leaks.test.js': leaksTest('vitest'),
  });
  const { assertionResults } = await run(project);
  expect(assertionResults).toMatchObject(LEAKS);
  project.write({ 'leaks.test.js': fileOf('tests.md', 'allowed.test.js') });
  expect((await run(project)).assertionResults).toMatchObject([{ status: 'passed' }]);
});

test('Vitest: concurrent tests do not close the generators of each other, and a stuck step is named', async () => {
  using project = vitest({
    'vitest.config.mjs': fileOf('tests.md', 'vitest.config.mjs'),
    'concurrent.test.js': `import { expect, test } from 'vitest';
async function* rows() { for (let id = 1; ; id++) { await new Promise(setImmediate); yield id; } }
async function* events() { await new Promise(() => {}); yield; }
test.concurrent('leaves a step that never settles', async () => {
  globalThis.open = events();
  void globalThis.open.next();
});
test.concurrent('reads 500 rows', async () => {
  let last;
  for await (const id of rows()) if ((last = id) === 500) break;
  expect(last).toBe(500);
});
`,
  });
  const { assertionResults } = await run(project);
  expect(assertionResults).toMatchObject([
    {
      status: 'failed',
      failureMessages: [expect.stringMatching(/left 1 async generator open\.\n\nevents \(/)],
    },
    { status: 'passed' },
  ]);
});

describe('Vitest: dependencies that the options name', () => {
  const withDependency = (deps: string): Project =>
    vitest({
      'vitest.config.mjs': `import asyncGenHooks from 'asyncgen-hooks/vite';
export default {
  plugins: [asyncGenHooks({ include: ['*.js', 'node_modules/words/**'] })],
  test: { ${deps} },
};`,
      'words.test.js': `import { expect, test } from 'vitest';
import { describeAsyncGen } from 'asyncgen-hooks';
import { words } from 'words';
test('is hooked', () => expect(describeAsyncGen(words())?.file).toBe('node_modules/words/index.js'));
`,
      'node_modules/words/package.json':
        '{ "name": "words", "type": "module", "exports": "./index.js" }',
      'node_modules/words/index.js': "export async function* words() { yield 'word'; }\n",
    });

  test('a warning says that Vitest does not compile them', async () => {
    using project = withDependency('');
    const { assertionResults, stderr } = await run(project);
    expect(assertionResults).toMatchObject([{ status: 'failed' }]);
    expect(stderr.match(/ERR_ASYNCGEN_EXTERNAL/g)).toHaveLength(1);
    expect(stderr).toContain('Name those to compile in "test.server.deps.inline".');
  });

  test.each(["server: { deps: { inline: ['words'] } }", 'server: { deps: { inline: true } }'])(
    'it does with %s',
    async (deps) => {
      using project = withDependency(deps);
      const { assertionResults, stderr } = await run(project);
      expect(assertionResults).toMatchObject([{ status: 'passed' }]);
      expect(stderr).not.toContain('ERR_ASYNCGEN_EXTERNAL');
    },
  );
});
