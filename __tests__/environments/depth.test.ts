import { expect, test } from '@jest/globals';
import { Project } from './support/project.js';
import { compileProgram, readProgram } from './support/programs.js';

// Without the optimizing compiler, whose frames are smaller from some moment on, another one in each
// run. In processes of their own: Node prints an error for each promise that overflows the stack. A
// `resume` hook stands between each two levels, and takes what it takes.
test('yield* goes as deep as natively within 1.5 times the stack, with hooks in force; with resume in 4.6', async () => {
  using project = new Project({
    'native.mjs': readProgram('depth.js'),
    'main.mjs': compileProgram('depth.js', 'esm'),
  });
  const native = (await project.runForRecord('--no-opt', 'native.mjs')) as Record<string, number>;
  const hooked = (await project.runForRecord('--no-opt', 'main.mjs')) as Record<string, number>;
  for (const name of ['finalizer', 'iter']) expect(native[name]! / hooked[name]!).toBeLessThan(1.5);
  expect(native.resume! / hooked.resume!).toBeLessThan(4.6);
});
