import { createRequire } from 'node:module';
import { join } from 'node:path';

export type Babel = typeof import('@babel/core');

/**
 * Loads `@babel/core`, the optional peer: the one beside this package or, where this package was
 * installed apart (`npx`), the one of the program in `cwd`.
 *
 * @throws Error, code `ERR_ASYNCGEN_PEER`, saying what to install; `cause` is what Node said.
 */
export function loadBabel(cwd: string): Babel {
  let cause: unknown;
  for (const from of [import.meta.url, join(cwd, 'package.json')]) {
    try {
      return createRequire(from)('@babel/core') as Babel;
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
