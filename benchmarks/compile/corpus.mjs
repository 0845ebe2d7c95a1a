import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseSync, types } from '@babel/core';
import { transformSync } from 'esbuild';
import { globSync } from 'tinyglobby';

const PACKAGES = new URL('../../node_modules/', import.meta.url);

/** Real code from the dev dependencies: sources, and what their authors publish. */
const GLOBS = [
  '@aws-sdk/*/dist-{cjs,es}/**/*.js',
  '@babel/*/lib/**/*.js',
  '@humanfs/*/{dist,src}/**/*.js',
  '@jest/*/build/**/*.js',
  '@smithy/*/dist-{cjs,es}/**/*.js',
  '@typescript-eslint/*/dist/**/*.js',
  'ajv/{dist,lib}/**/*.js',
  'eslint/lib/**/*.js',
  'fast-check/lib/**/*.js',
  'it-*/dist/src/**/*.js',
  'ix/**/*.mjs',
  'ix/src/**/*.ts',
  'keyv/dist/**/*.{js,cjs}',
  'mongodb/lib/**/*.js',
  'openai/**/*.{js,mjs}',
  'race-signal/dist/src/**/*.js',
  'semver/**/*.js',
  'streaming-iterables/dist/**/*.{js,mjs}',
  'tinyexec/**/*.js',
  'whatwg-url/**/*.js',
  'yargs/**/*.{js,mjs,cjs}',
];

/** The second has a `return` outside of any function. */
const IGNORED = ['**/*.d.ts', '@babel/plugin-proposal-private-property-in-object'];

/** Bundles are left out: one of them would weigh as much as all else. */
const LARGEST = 200_000;

/** A cheap test, so that few files are parsed twice. */
const MAYBE = /\basync\s*(?:function\s*)?\*/;

/** A folder that is nowhere: no plugin finds a configuration there, or a reason to leave a file. */
export const CWD = '/corpus';

export const BABEL = {
  babelrc: false,
  configFile: false,
  sourceType: 'unambiguous',
  compact: false,
  cwd: CWD,
};

/**
 * @typedef {{ path: string, code: string, generators: number }} SourceFile `path` relative to
 *   `node_modules`, `generators` the number of its async generator functions
 */

/** @returns {SourceFile[]} sorted by path, each text once */
export function readCorpus() {
  const paths = globSync(GLOBS, { cwd: fileURLToPath(PACKAGES), ignore: IGNORED }).sort();
  const texts = new Set();
  const files = [];
  for (const path of paths) {
    const url = new URL(path, PACKAGES);
    if (statSync(url).size > LARGEST) continue;
    const code = readCode(url);
    if (code === undefined || texts.has(code)) continue;
    texts.add(code);
    const generators = MAYBE.test(code) ? countGenerators(code) : 0;
    files.push({ path, code, generators });
  }
  return files;
}

/** The text, without types; `undefined` for what is not JavaScript. */
function readCode(url) {
  const text = readFileSync(url, 'utf8');
  if (!url.pathname.endsWith('.ts')) return text;
  try {
    return transformSync(text, { loader: 'ts', target: 'esnext' }).code;
  } catch {
    return undefined;
  }
}

function countGenerators(code) {
  let count = 0;
  types.traverseFast(parseSync(code, BABEL), (node) => {
    if (types.isFunction(node) && node.async && node.generator) count++;
  });
  return count;
}
