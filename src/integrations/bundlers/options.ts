import { types } from 'node:util';
import { createFilter } from 'unplugin-utils';
import { suggest } from '../../messages.js';
import {
  resolveOptions as resolvePluginOptions,
  type Options as PluginOptions,
  type ResolvedOptions as ResolvedPluginOptions,
} from '../../transform/options.js';
import { fileOf } from '../compiler/index.js';

type Pattern = string | RegExp;
type Patterns = Pattern | readonly Pattern[];

/** Options of the bundlers' plugins and of the loader: those of the Babel plugin, and which files. */
export interface Options extends PluginOptions {
  /**
   * The files to compile. A glob is relative to the root of the bundler's project; a RegExp is
   * tested on the absolute path, with `/`. A query (`?v=1`) is no part of either.
   * @default every script
   */
  include?: Patterns;
  /**
   * The files to leave alone; stronger than `include`. What is given stands in place of the
   * default.
   * @default /[\\/]node_modules[\\/]/
   */
  exclude?: Patterns;
}

export interface ResolvedOptions {
  readonly plugin: ResolvedPluginOptions;
  /** Whether no file of a dependency is compiled, as by default. */
  readonly skipsDependencies: boolean;
  /** What no module matches that is compiled, whatever the project's root. */
  readonly never: readonly RegExp[];
  /** Says whether a module is to be compiled, for a project in the folder `root`. */
  matcher(root: string): (id: string) => boolean;
  /** The same for the same options: for caches. */
  readonly key: string;
}

const NAMES = ['importSource', 'locations', 'include', 'exclude'];
const DEPENDENCIES = /[\\/]node_modules[\\/]/;
/** The runtime is not to be hooked by itself, wherever it stands. */
const OURSELVES = /[\\/]asyncgen-hooks[\\/]dist[\\/]/;

/**
 * Checks the options once and fills in the defaults.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, naming the option, what it got and what it takes.
 */
export function resolveOptions(given: unknown = {}): ResolvedOptions {
  if (typeof given === 'object' && given !== null) {
    const unknown = Object.keys(given).find((name) => !NAMES.includes(name));
    if (unknown !== undefined) {
      throw invalid(
        `option "${unknown}", there is none of that name. ${suggest(unknown, NAMES, 'options')}`,
      );
    }
  }
  const { include, exclude, ...rest } = given as Options;
  // It also tells of options that are no object.
  const plugin = resolvePluginOptions(typeof given === 'object' && given !== null ? rest : given);
  const included = patterns('include', include);
  const excluded = patterns('exclude', exclude) ?? [DEPENDENCIES];
  return {
    plugin,
    skipsDependencies: exclude === undefined,
    never: exclude === undefined ? [OURSELVES, DEPENDENCIES] : [OURSELVES],
    matcher: (root) => {
      const matches = createFilter(included, [OURSELVES, ...excluded], { resolve: root });
      return (id) => matches(fileOf(id));
    },
    key: JSON.stringify([plugin, included?.map(String), excluded.map(String)]),
  };
}

function patterns(name: string, given: unknown): Pattern[] | undefined {
  if (given === undefined) return undefined;
  return [given].flat().map((pattern: unknown) => {
    // Another realm's, too; and a copy, since `g` and `y` would keep state.
    if (types.isRegExp(pattern))
      return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
    if (typeof pattern === 'string' && pattern !== '') return pattern;
    throw invalid(
      `option "${name}", it holds ${JSON.stringify(pattern)}. Pass a glob, a RegExp or an array of them.`,
    );
  });
}

const invalid = (text: string): TypeError =>
  Object.assign(new TypeError(`asyncgen-hooks/bundlers: ${text}`), { code: 'ERR_ASYNCGEN_OPTION' });
