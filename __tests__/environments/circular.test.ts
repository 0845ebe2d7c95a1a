import { expect, test } from '@jest/globals';
import { bundle } from './support/bundle.js';
import { Project } from './support/project.js';
import { compileProgram, type Flavour } from './support/programs.js';

// Not lowered to ES5: Babel's helper, hooked or not, has no `next` before the module's body ran.
const makeCircle = (flavour: Flavour, a = compileProgram('circular/a.js', flavour)): Project =>
  new Project({
    'package.json': { type: flavour === 'esm' ? 'module' : 'commonjs' },
    'a.js': a,
    'b.js': compileProgram('circular/b.js', flavour),
    'main.js': compileProgram('circular/main.js', flavour),
  });

const expected = (named: string, other: string): string[] => [
  `init ${named}`,
  `${named.split(' ')[0]} 1 true true`,
  `firstiter ${named}`,
  `iter ${named} 3`,
  `init ${other}`,
  `${other.split(' ')[0]} 0 true true`,
  `firstiter ${other}`,
  `iter ${other} default`,
  'body of a',
  'value 3',
  `finalizer ${named} exhausted`,
  'value default',
  `finalizer ${other} exhausted`,
];
const ofModule = expected('named src/circular/a.js:5:7', 'default src/circular/a.js:9:15');

test.each(['esm', 'commonjs'] as const)(
  'a circular importer calls hooked functions of a module whose body has not run: %s',
  async (flavour) => {
    using project = makeCircle(flavour);
    expect(await project.runForRecord('main.js')).toEqual(ofModule);
  },
);

test('a circular importer calls hooked functions of a script whose body has not run', async () => {
  using project = makeCircle('commonjs', compileProgram('circular-script/a.js', 'script'));
  expect(await project.runForRecord('main.js')).toEqual(
    expected('named src/circular-script/a.js:6:0', 'other src/circular-script/a.js:10:0'),
  );
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
