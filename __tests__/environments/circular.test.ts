import { expect, test } from '@jest/globals';
import { bundle } from './support/bundle.js';
import { ofModule, ofScript, writeCircle } from './support/circle.js';
import type { Project } from './support/project.js';
import { compileProgram, type Flavour } from './support/programs.js';

// Not lowered to ES5: Babel's helper, hooked or not, has no `next` before the module's body ran.
const makeCircle = (flavour: Flavour, a = compileProgram('circular/a.js', flavour)): Project =>
  writeCircle(flavour === 'esm', {
    a,
    b: compileProgram('circular/b.js', flavour),
    main: compileProgram('circular/main.js', flavour),
  });

test.each(['esm', 'commonjs'] as const)(
  'a circular importer calls hooked functions of a module whose body has not run: %s',
  async (flavour) => {
    using project = makeCircle(flavour);
    expect(await project.runForRecord('main.js')).toEqual(ofModule);
  },
);

test('a circular importer calls hooked functions of a script whose body has not run', async () => {
  using project = makeCircle('commonjs', compileProgram('circular-script/a.js', 'script'));
  expect(await project.runForRecord('main.js')).toEqual(ofScript);
});

test.each(['iife', 'esm', 'cjs'] as const)(
  'bundled, a circular importer calls hooked functions of a module whose body has not run: %s',
  async (format) => {
    using project = makeCircle('esm');
    const file = `bundle.${format === 'esm' ? 'mjs' : 'cjs'}`;
    project.write({ [file]: await bundle(project, 'main.js', { format }) });
    expect(await project.runForRecord(file)).toEqual(ofModule);
  },
);
