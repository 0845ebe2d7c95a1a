import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TransformOptions } from '@babel/core';
import { expect } from '@jest/globals';
import { compile } from '../../helpers/babel.js';

const folder = join(__dirname, '../programs');

export const readProgram = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** What `program()` of `programs/program.js` has to return, wherever it runs. */
export const record: readonly string[] = JSON.parse(readProgram('record.json'));

export const flavours = {
  esm: {},
  /** CommonJS as written by hand. */
  script: { sourceType: 'script' },
  commonjs: { plugins: ['@babel/plugin-transform-modules-commonjs'] },
  es5: {
    presets: [['@babel/preset-env', { targets: { ie: '11' }, modules: 'commonjs' }]],
  },
} satisfies Record<string, TransformOptions>;

export type Flavour = keyof typeof flavours;

interface CompileOptions {
  /** The name in the sites. */
  readonly filename?: string;
  readonly importSource?: string;
}

/** `programs/<name>` as the plugin compiles it. Sites read `src/<filename>`. */
export function compileProgram(
  name: string,
  flavour: Flavour,
  { filename = name, importSource = 'asyncgen-hooks/shim' }: CompileOptions = {},
): string {
  const { plugins = [], ...options }: TransformOptions = flavours[flavour];
  return compile(readProgram(name), {
    filename: `/project/src/${filename}`,
    plugins: [['asyncgen-hooks/babel', { importSource }], ...plugins!],
    ...options,
  });
}

/** The shared program as files of a project: `main.js` prints the record. */
export const programFiles = (flavour: Flavour): Record<string, unknown> => ({
  'package.json': { type: flavour === 'esm' ? 'module' : 'commonjs' },
  'program.js': compileProgram('program.js', flavour),
  'main.js': compileProgram('main.js', flavour),
});

/** A test file for a runner whose `test` comes from `module`. */
export const leaksTest = (module: string): string =>
  `import { test } from '${module}';\n${readProgram('leaks.test.js')}`;

/** What the runner has to say of it. */
export const LEAKS = [
  { title: 'closes its rows', status: 'passed' },
  {
    title: 'leaves its rows open',
    status: 'failed',
    failureMessages: [
      expect.stringMatching(/left 1 async generator open\.\n\nrows \(leaks\.test\.js:2:1\) /),
    ],
  },
];
