import { expect, test } from '@jest/globals';
import { Project } from './support/project.js';
import { compileProgram, programFiles, record } from './support/programs.js';

test('a worker has hooks of its own', async () => {
  using project = new Project({
    ...programFiles('esm'),
    'host.js': compileProgram('worker-host.js', 'esm'),
  });
  expect(await project.runForRecord('host.js')).toEqual({ seen: ['ofHost'], record });
});

test.each(['commonjs', 'es5'] as const)(
  'a vm context has hooks of its own: %s',
  async (flavour) => {
    using project = new Project({
      ...programFiles(flavour),
      'load-in.js': compileProgram('load-in.js', flavour),
      'host.js': compileProgram('vm-host.js', flavour),
    });
    expect(await project.runForRecord('host.js')).toEqual({
      seen: ['ofHost'],
      record,
      sameRegistry: false,
    });
  },
);
