import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ofModule, ofScript, writeCircle } from '../environments/support/circle.js';
import type { Project } from '../environments/support/project.js';
import { readProgram } from '../environments/support/programs.js';
import { describeSwc, NEWEST, OLDEST, swcOf, swcOptions } from './support.js';

describeSwc.each([...OLDEST, ...NEWEST])('@swc/core %s', (version) => {
  const compiled = (name: string, { isModule = true, isKept = false } = {}): string => {
    const { module, ...options } = swcOptions(isModule ? 'a.mjs' : 'a.cjs');
    return swcOf(version).transformSync(readProgram(name), {
      ...options,
      ...(isModule && !isKept ? { module } : {}),
      filename: join(process.cwd(), 'src', name),
    }).code;
  };
  const makeCircle = (isKept: boolean, a = compiled('circular/a.js', { isKept })): Project =>
    writeCircle(isKept, {
      a,
      b: compiled('circular/b.js', { isKept }),
      main: compiled('circular/main.js', { isKept }),
    });

  test.each([
    ['esm', true],
    ['commonjs', false],
  ])(
    'a circular importer calls hooked functions of a module whose body has not run: %s',
    async (_, isKept) => {
      using project = makeCircle(isKept);
      expect(await project.runForRecord('main.js')).toEqual(ofModule);
    },
  );

  test('a circular importer calls hooked functions of a script whose body has not run', async () => {
    using project = makeCircle(false, compiled('circular-script/a.js', { isModule: false }));
    expect(await project.runForRecord('main.js')).toEqual(ofScript);
  });
});
