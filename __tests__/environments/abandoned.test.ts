import { expect, test } from '@jest/globals';
import { abandoned } from './support/expected.js';
import { Project } from './support/project.js';
import { compileProgram, type Flavour } from './support/programs.js';

const runs: [string, Flavour, string[]][] = [
  ['ECMAScript modules', 'esm', []],
  ['CommonJS', 'commonjs', []],
  ['lowered to ES5', 'es5', []],
  ['frozen intrinsics', 'esm', ['--frozen-intrinsics']],
];

test.each(runs)(
  'generators that the program drops unfinished are told and can be closed: %s',
  async (_, flavour, flags) => {
    using project = new Project({
      'package.json': { type: flavour === 'esm' ? 'module' : 'commonjs' },
      'main.js': compileProgram('abandoned.js', flavour),
    });
    expect(await project.runForRecord('--expose-gc', ...flags, 'main.js')).toEqual(abandoned);
  },
);
