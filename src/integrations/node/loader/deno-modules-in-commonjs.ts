import { readFileSync } from 'node:fs';
import module from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printable, warn } from '../../../messages.js';
import { mayHaveGenerators } from '../../../syntax/async-star.js';
import { typeOf } from './package-type.js';

interface Context {
  readonly conditions?: Iterable<string>;
}

type Resolve = (
  specifier: string,
  context: Context,
  next: (specifier: string, context: Context) => { readonly url: string },
) => { readonly url: string };

/**
 * Deno 2.9 loads an ES module of a package whose `type` is `commonjs` past all `load` hooks, unless its name says what it
 * is. Its `resolve` hooks meet it, so that can be said.
 *
 * @param isIncluded whether a file would be compiled.
 */
export function tellModulesInCommonJs(isIncluded: (file: string) => boolean): void {
  let isTold = false;
  const look = (file: string): void => {
    if (isTold || !isLost(file) || !isIncluded(file)) return;
    isTold = true;
    const own = extname(file).replace('.', '.m').replace('x', '');
    warn(
      `asyncgen-hooks/node: Deno loads ${printable(file)}, an ES module of a package with "type": "commonjs", past all hooks, and no ` +
        `hook sees its async generators. Name it ${own}, or set "type": "module". Said once.`,
      'ERR_ASYNCGEN_RUNTIME',
    );
  };
  const resolve: Resolve = (specifier, context, next) => {
    const resolved = next(specifier, context);
    const isImport = [...(context.conditions ?? [])].includes('import');
    if (isImport && resolved.url.startsWith('file:')) look(fileURLToPath(resolved.url));
    return resolved;
  };
  const { registerHooks } = module as unknown as {
    registerHooks(hooks: { resolve: Resolve }): void;
  };
  registerHooks({ resolve });
  const [, main] = process.argv;
  if (main !== undefined) look(main);
}

function isLost(file: string): boolean {
  if (typeOf(file) !== 'commonjs') return false;
  try {
    const code = readFileSync(file, 'utf8');
    return mayHaveGenerators(code) && /^\s*(?:import|export)\b(?!\s*[(.])/m.test(code);
  } catch {
    return false;
  }
}
