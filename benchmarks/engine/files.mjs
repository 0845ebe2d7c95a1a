import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';

const cwd = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const GLOBS = {
  JavaScript: ['it-*/dist/src/**/*.js', 'ix/**/*.mjs', 'mongodb/lib/**/*.js', 'openai/**/*.mjs'],
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
  return globSync(GLOBS[language], { cwd, ignore: ['**/*.d.ts'] })
    .filter((path) => statSync(`${cwd}${path}`).size <= LARGEST)
    .map((path) => ({ path, code: readFileSync(`${cwd}${path}`, 'utf8') }))
    .filter(({ code }) => GENERATOR.test(code))
    .sort((a, b) => a.code.length - b.code.length || (a.path < b.path ? -1 : 1));
}
