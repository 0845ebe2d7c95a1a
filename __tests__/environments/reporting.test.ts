import { expect, test } from '@jest/globals';
import { reporting, reportingWithPage } from './support/expected.js';
import { Project } from './support/project.js';
import { compileProgram, readProgram } from './support/programs.js';

const flagLists = [[], ['--unhandled-rejections=strict'], ['--frozen-intrinsics']];

test.each(flagLists.map((flags) => ({ flags })))(
  'in Node a finalizer that fails is a warning, and the program ends well: node $flags',
  async ({ flags }) => {
    using project = new Project({ 'main.mjs': compileProgram('reporting.js', 'esm') });
    const { status, stdout, stderr } = await project.run(...flags, 'main.mjs');
    expect(JSON.parse(stdout)).toEqual(reporting);
    expect(stderr).toMatch(
      /\[ERR_ASYNCGEN_HOOK\] AsyncGenHooksWarning: .*\nSee .*#err_asyncgen_hook\nRangeError: at once\n/,
    );
    expect(status).toBe(0);
  },
);

test('where there is neither process nor reportError, it goes to console.error', async () => {
  using project = new Project({
    'program.js': compileProgram('reporting.js', 'commonjs'),
    'load-in.js': compileProgram('load-in.js', 'commonjs'),
    'main.js': `
      const context = require('node:vm').createContext({ console, setTimeout });
      require('./load-in.js').loadIn(context, require.resolve('./program.js'));
    `,
  });
  expect(await project.runForRecord('main.js')).toEqual(reportingWithPage);
});

test('what a resume hook answers for is no unhandled rejection', async () => {
  using project = new Project({ 'main.mjs': compileProgram('resume-answers.js', 'esm') });
  expect(await project.runForRecord('main.mjs')).toEqual([7, 'of the hook']);
});

test('3: a resume hook that looks at a rejected step has handled it; who answers for one step only has not handled another', async () => {
  using project = new Project({ 'main.mjs': compileProgram('resume-watches.js', 'esm') });
  expect(await project.runForRecord('main.mjs')).toEqual(
    ['alone', 'iter', 'finalizer'].map((name) => `unhandled answered ${name}`),
  );
});

test('3: a rejected step that nobody minds is unhandled as natively, with all hooks but resume', async () => {
  using project = new Project({
    'native.mjs': readProgram('unhandled.js'),
    'main.mjs': compileProgram('unhandled.js', 'esm'),
  });
  const native = await project.runForRecord('native.mjs');
  expect(native).toHaveLength(6 * 9);
  expect(await project.runForRecord('main.mjs')).toEqual(native);
});

test('getters that throw where it looks do not reach the program', async () => {
  using project = new Project({ 'main.mjs': compileProgram('odd-hosts.js', 'esm') });
  expect(await project.runForRecord('main.mjs')).toEqual([
    { value: 2, done: true },
    ['items', ''],
    2,
    { value: 3, done: true },
  ]);
});
