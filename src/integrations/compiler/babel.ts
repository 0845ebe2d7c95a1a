import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { printable, readOwn } from '../../messages.js';
import { mayDecideCode, TRUST_REMEDY } from './trust.js';

export type Babel = typeof import('@babel/core');

/**
 * Loads `@babel/core`, the optional peer: the one beside this package or, where this package was
 * installed apart (`npx`), the one of the program in `cwd`.
 *
 * @throws Error, code `ERR_ASYNCGEN_PEER`, saying what to install; `cause` is what Node said.
 */
export const loadBabel = (cwd: string): Babel =>
  firstOf(cwd, (require, path) => require(path) as Babel);

/** Finds what `loadBabel` loads, with the same error, in a fraction of its time. */
export const findBabel = (cwd: string): string => firstOf(cwd, (_, path) => path);

/** What prints code: a new version of each may print something else. */
const PARTS = ['parser', 'traverse', 'types', 'template', 'generator'];

/** The versions of what `loadBabel` loads and of its parts, for caches; loads none of them. */
export function babelVersions(cwd: string): string {
  const require = createRequire(findBabel(cwd));
  const versionOf = (name: string): unknown => {
    try {
      return readOwn(require(`@babel/${name}/package.json`) as object, 'version');
    } catch {
      // In a bundle of all of it there are no parts.
      return null;
    }
  };
  return JSON.stringify(['core', ...PARTS].map(versionOf));
}

function firstOf<T>(cwd: string, look: (require: NodeJS.Require, path: string) => T): T {
  let cause: unknown;
  for (const from of [import.meta.url, join(cwd, 'package.json')]) {
    try {
      const require = createRequire(from);
      const path = require.resolve('@babel/core');
      if (!mayDecideCode(path)) throw untrusted(path);
      return look(require, path);
    } catch (error) {
      cause ??= error;
    }
  }
  throw Object.assign(
    new Error(
      'asyncgen-hooks/compiler: @babel/core, it cannot be loaded. ' +
        ((cause as { isUntrusted?: unknown }).isUntrusted === true
          ? (cause as Error).message
          : 'Install it: npm install --save-dev @babel/core'),
      { cause },
    ),
    { code: 'ERR_ASYNCGEN_PEER' },
  );
}

const untrusted = (path: string): Error =>
  Object.assign(
    new Error(
      `Another user can change what stands in ${printable(dirname(path))}. ${TRUST_REMEDY}`,
    ),
    { isUntrusted: true },
  );
