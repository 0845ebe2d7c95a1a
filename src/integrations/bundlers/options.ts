import picomatch from 'picomatch';
import type { ResolvedOptions as ResolvedPluginOptions } from '../../syntax/options.js';
import {
  DEPENDENCIES,
  OURSELVES,
  resolveFileOptions,
  type FileOptions as Options,
} from '../compiler/files.js';
import { createFilter } from '../compiler/filter.js';

export type { Options };

export interface ResolvedOptions {
  readonly plugin: ResolvedPluginOptions;
  /** Whether no file of a dependency is compiled, as by default. */
  readonly skipsDependencies: boolean;
  /** What no module matches that is compiled, whatever the project's root. */
  readonly never: readonly RegExp[];
  /** Says whether a file is to be compiled, for a project in the folder `root`. */
  matcher(root: string): (file: string) => boolean;
  /** The same for the same options: for caches. */
  readonly key: string;
}

/**
 * Checks the options once and fills in the defaults.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, naming the option, what it got and what it takes.
 */
export function resolveOptions(given: unknown = {}): ResolvedOptions {
  const { plugin, include, exclude, skipsDependencies } = resolveFileOptions('bundlers', given);
  return {
    plugin,
    skipsDependencies,
    never: skipsDependencies ? [...OURSELVES, DEPENDENCIES] : OURSELVES,
    matcher: (root) => createFilter({ include, exclude }, root, () => picomatch),
    // Without our own place: caches may move to another machine.
    key: JSON.stringify([
      plugin,
      include?.map(String),
      exclude.slice(OURSELVES.length).map(String),
    ]),
  };
}
