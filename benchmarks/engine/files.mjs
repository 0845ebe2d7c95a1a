import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import { compileByEngine } from '../../scripts/engine.mjs';

const cwd = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const GLOBS = {
  JavaScript: [
    '@aws-sdk/*/dist-es/**/*.js',
    '@smithy/*/dist-es/**/*.js',
    'fast-check/lib/**/*.js',
    'it-*/dist/src/**/*.js',
    'mongodb/lib/**/*.js',
    'openai/**/*.{js,mjs}',
    'streaming-iterables/dist/**/*.{js,mjs}',
  ],
  TypeScript: [
    'ix/src/**/*.ts',
    'openai/src/**/*.ts',
    '@smithy/*/src/**/*.ts',
    'mongodb/src/**/*.ts',
  ],
};
const GENERATOR = /\basync\s*(?:function\s*)?\*\s*[\w[#]/;
const LARGEST = 200_000;

export const LANGUAGES = Object.keys(GLOBS);

/** Files of real packages that have async generators: `{ path, code }`, by size. */
export function readFiles(language) {
  return (
    globSync(GLOBS[language], { cwd, ignore: ['**/*.d.ts'] })
      .filter((path) => statSync(`${cwd}${path}`).size <= LARGEST)
      .map((path) => ({ path, code: readFileSync(`${cwd}${path}`, 'utf8') }))
      // Not only in a comment: the rival fails where it finds none.
      .filter(
        ({ code, path }) =>
          GENERATOR.test(code) && compileByEngine(code, path, 'unambiguous') !== code,
      )
      .sort((a, b) => a.code.length - b.code.length || (a.path < b.path ? -1 : 1))
  );
}
