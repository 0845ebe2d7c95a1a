import picomatch from 'picomatch';
import type { ResolvedOptions as ResolvedPluginOptions } from '../../syntax/options.js';
import {
  DEPENDENCIES,
  OURSELVES,
  resolveFileOptions,
  type FileOptions as Options,
} from '../files/options.js';
import { createFilter } from '../files/filter.js';

export type { Options };

export interface ResolvedOptions {
  readonly plugin: ResolvedPluginOptions;
  /** Whether no file of a dependency is compiled, as by default. */
  readonly skipsDependencies: boolean;
  /** What no module matches that is compiled, whatever the project's root. */
  readonly never: readonly RegExp[];
  /** Says whether a module is to be compiled, by its id, for a project in the folder `root`. */
  matcher(root: string): (id: string) => boolean;
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
    matcher(root) {
      const matches = createFilter({ include, exclude }, root, () => picomatch);
      return (id) => !ASSET.test(id) && !VIRTUAL.test(id) && matches(fileOf(id));
    },
    // Without our own place: caches may move to another machine.
    key: JSON.stringify([
      plugin,
      include?.map(String),
      exclude.slice(OURSELVES.length).map(String),
    ]),
  };
}

/** A module's id without its query. A `#` may also stand in the name of a folder. */
export const fileOf = (id: string): string => id.replace(/(?:\?|(?<=\.[cm]?[jt]sx?)#).*$/, '');

/**
 * Scripts by their extension. The scripts of components (`App.vue?vue&type=script&lang.ts`) are
 * not asked for by all frameworks in all modes, and are no longer at the lines of their file.
 */
export const SCRIPT = /^[^?]*\.[cm]?[jt]sx?(?:[?#]|$)/;

/** Texts and addresses of files, which bundlers hand on as modules of their own. */
export const ASSET = /[?&](?:raw|url)\b/;

/** Ids of modules that no file stands behind. */
export const VIRTUAL = /\0/;
