import { expect, test } from '@jest/globals';
import { Project } from './support/project.js';
import { programFiles, record, readProgram, type Flavour } from './support/programs.js';

const flavours: Flavour[] = ['esm', 'commonjs', 'es5'];

test.each(flavours)('runs where the intrinsics are frozen: %s', async (flavour) => {
  using project = new Project(programFiles(flavour));
  expect(await project.runForRecord('--frozen-intrinsics', 'main.js')).toEqual(record);
});

test.each(flavours)('runs where globalThis was frozen before: %s', async (flavour) => {
  using project = new Project({
    ...programFiles(flavour),
    'frozen-global.cjs': readProgram('frozen-global.cjs'),
  });
  expect(await project.runForRecord('--require=./frozen-global.cjs', 'main.js')).toEqual(record);
});
