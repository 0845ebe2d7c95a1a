import { expect, test } from '@jest/globals';
import { Project } from './support/project.js';
import { compileProgram } from './support/programs.js';

test('what was called before the hooks API is loaded stays native, what comes later is hooked', async () => {
  using project = new Project({
    'package.json': { type: 'module' },
    'late-hooks.js': compileProgram('late-hooks.js', 'esm'),
  });
  expect(await project.runForRecord('late-hooks.js')).toEqual([
    'its prototype was replaced true',
    'it is no object true',
    'begun 1',
    'begun 2',
    'waiting 0',
    'waiting item',
    'known  ',
    'firstiter count',
    'later 0',
    'finalizer count exhausted',
    'firstiter expression',
    'later item',
    'finalizer expression exhausted',
    'instances false true',
    'of no generator true',
  ]);
});
