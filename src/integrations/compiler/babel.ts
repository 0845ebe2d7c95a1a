import { createRequire } from 'node:module';
import { join } from 'node:path';

export type Babel = typeof import('@babel/core');

/**
 * Loads `@babel/core`, the optional peer: the one beside this package or, where this package was
 * installed apart (`npx`), the one of the program in `cwd`.
 *
 * @throws Error, code `ERR_ASYNCGEN_PEER`, saying what to install; `cause` is what Node said.
 */
export const loadBabel = (cwd: string): Babel =>
  firstOf(cwd, (require) => require('@babel/core') as Babel);

/** Finds what `loadBabel` loads, with the same error, in a fraction of its time. */
export const findBabel = (cwd: string): string =>
  firstOf(cwd, (require) => require.resolve('@babel/core'));

function firstOf<T>(cwd: string, look: (require: NodeJS.Require) => T): T {
  let cause: unknown;
  for (const from of [import.meta.url, join(cwd, 'package.json')]) {
    try {
      return look(createRequire(from));
    } catch (error) {
      cause ??= error;
    }
  }
  throw Object.assign(
    new Error(
      'asyncgen-hooks/compiler: @babel/core, it cannot be loaded. Install it: npm install --save-dev @babel/core',
      { cause },
    ),
    { code: 'ERR_ASYNCGEN_PEER' },
  );
}
