import picomatch from 'picomatch';
import { printable } from '../../messages.js';
import { createFilter } from './filter.js';
import { DEPENDENCIES, OURSELVES, type ResolvedFileOptions } from './options.js';

/**
 * Why a file is not compiled, for people, with what to do about it.
 * @returns `undefined` if the options take it.
 */
export function whyLeftOut(
  file: string,
  cwd: string,
  options: ResolvedFileOptions,
): string | undefined {
  const { include, exclude } = options;
  const isTaken = (given: Parameters<typeof createFilter>[0]): boolean =>
    createFilter(given, cwd, () => picomatch)(file);
  if (isTaken(options)) return undefined;
  if (OURSELVES.some((pattern) => pattern.test(file)))
    return 'not compiled. It belongs to asyncgen-hooks.';
  const pattern = exclude.find((each) => !isTaken({ include: undefined, exclude: [each] }));
  if (pattern === undefined)
    return `not compiled. No glob of "include" names it: ${include!.map(String).map(printable).join(', ')}.`;
  if (
    typeof pattern !== 'string' &&
    DEPENDENCIES.test(file) &&
    pattern.source.includes('node_modules')
  )
    return `not compiled. It is a dependency. Name its package: --deps ${packageOf(file)}, or "dependencies" in the configuration.`;
  return `not compiled. "exclude" names it: ${printable(String(pattern))}.`;
}

const packageOf = (file: string): string =>
  /^(?:@[^/]+\/)?[^/]+/.exec(file.replaceAll('\\', '/').split('/node_modules/').at(-1)!)![0];
