import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { babel, compileHooked } from '../helpers/babel.js';
import { packageRoot, Project, PUBLISHED } from './support/project.js';
import {
  compileProgram,
  flavours,
  programFiles,
  record,
  type Flavour,
} from './support/programs.js';

const runs: [string, Flavour][] = [
  ['ECMAScript modules', 'esm'],
  ['CommonJS', 'commonjs'],
  ['CommonJS lowered to ES5', 'es5'],
];

test.each(runs)('%s: hooks see the same', async (_, flavour) => {
  using project = new Project(programFiles(flavour));
  expect(await project.runForRecord('main.js')).toEqual(record);
});

test.each(runs)('%s: a program that sets no hook loads the shim alone', async (_, flavour) => {
  using project = new Project({
    'package.json': { type: flavour === 'esm' ? 'module' : 'commonjs' },
    'main.js': compileProgram('no-hooks.js', flavour),
  }).install('asyncgen-hooks', packageRoot, PUBLISHED);
  for (const name of ['index.mjs', 'index.cjs']) {
    project.write({ [`node_modules/asyncgen-hooks/dist/${name}`]: 'throw new Error("loaded");' });
  }
  expect(await project.runForRecord('main.js')).toEqual([1, 2, 3]);
});

test('CommonJS lowered to ES5 with the runtime, and all compiled: hooks see the same', async () => {
  using project = new Project(programFiles('es5')).install(
    'asyncgen-hooks',
    packageRoot,
    PUBLISHED,
  );
  const files = new Set(['index.cjs', 'shim.cjs', 'lifecycle.cjs']);
  for (const name of files) {
    const source = readFileSync(join(packageRoot, 'dist', name), 'utf8');
    for (const [, needed] of source.matchAll(/require\("\.\/([^"]+)"\)/g)) files.add(needed!);
    const code = compileHooked(source, { ...flavours.es5, sourceType: 'script' });
    project.write({ [`node_modules/asyncgen-hooks/dist/${name}`]: code });
  }
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
