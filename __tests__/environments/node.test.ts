import { expect, test } from '@jest/globals';
import { babel } from '../helpers/babel.js';
import { Project } from './support/project.js';
import { compileProgram, programFiles, record, type Flavour } from './support/programs.js';

const runs: [string, Flavour][] = [
  ['ECMAScript modules', 'esm'],
  ['CommonJS', 'commonjs'],
  ['CommonJS lowered to ES5', 'es5'],
];

test.each(runs)('%s: hooks see the same', async (_, flavour) => {
  using project = new Project(programFiles(flavour));
  expect(await project.runForRecord('main.js')).toEqual(record);
});

test('nothing newer than ES5 is left once preset-env has lowered the output', () => {
  const newer = new Set<string>();
  babel.types.traverseFast(
    babel.parseSync(compileProgram('program.js', 'es5'), { configFile: false })!,
    (node) => {
      const isNewer =
        /^(Arrow|Await|Class|Import|Export|ForOf|New.arget|Spread|Super|Template|Yield)/.test(
          node.type,
        ) ||
        (babel.types.isFunction(node) && (node.async || node.generator)) ||
        babel.types.isObjectMethod(node, { kind: 'method' }) ||
        (babel.types.isVariableDeclaration(node) && node.kind !== 'var');
      if (isNewer) newer.add(node.type);
    },
  );
  expect([...newer]).toEqual([]);
});
