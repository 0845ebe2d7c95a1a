import { types } from 'node:util';
import { suggest } from '../../messages.js';
import {
  resolveOptions as resolvePluginOptions,
  type Options as PluginOptions,
  type ResolvedOptions as ResolvedPluginOptions,
} from '../../transform/options.js';

export type Pattern = string | RegExp;
type Patterns = Pattern | readonly Pattern[];

/** Options of all integrations: those of the Babel plugin, and which files are compiled. */
export interface FileOptions extends PluginOptions {
  /**
   * The files to compile. A glob is relative to the root of the bundler's project, or to the folder
   * that Node was started in; a RegExp is tested on the absolute path, with `/`. A query (`?v=1`)
   * is no part of either.
   * @default every script
   */
  include?: Patterns;
  /**
   * The files to leave alone; stronger than `include`. What is given stands in place of the
   * default.
   * @default /[\\/]node_modules[\\/]/, unless `include` names `node_modules`
   */
  exclude?: Patterns;
}

export interface ResolvedFileOptions {
  readonly plugin: ResolvedPluginOptions;
  readonly include: readonly Pattern[] | undefined;
  /** What is never compiled comes first. */
  readonly exclude: readonly Pattern[];
  /** Whether no file of a dependency is compiled, as by default. */
  readonly skipsDependencies: boolean;
}

export const DEPENDENCIES = /[\\/]node_modules[\\/]/;
/** The runtime is not to be hooked by itself, wherever it stands. */
export const OURSELVES = /[\\/]asyncgen-hooks[\\/]dist[\\/]/;

const NAMES = ['importSource', 'locations', 'include', 'exclude'];

/**
 * Checks the options once and fills in the defaults.
 * @param more names of the options that only this integration has.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, naming the option, what it got and what it takes.
 */
export function resolveFileOptions(
  room: string,
  given: unknown,
  more: readonly string[] = [],
): ResolvedFileOptions {
  const invalid = (text: string): TypeError =>
    Object.assign(new TypeError(`asyncgen-hooks/${room}: ${text}`), {
      code: 'ERR_ASYNCGEN_OPTION',
    });
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalid(`options, they are ${JSON.stringify(given)}. Pass an object.`);
  const names = [...NAMES, ...more];
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw invalid(
      `option "${name}", there is none of that name. ${suggest(name, names, 'options')}`,
    );
  }
  const patterns = (name: 'include' | 'exclude'): Pattern[] | undefined => {
    const value = (given as FileOptions)[name];
    if (value === undefined) return undefined;
    return [value].flat().map((pattern: unknown) => {
      // Another realm's, too; and a copy, since `g` and `y` would keep state.
      if (types.isRegExp(pattern))
        return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
      if (typeof pattern === 'string' && pattern !== '') return pattern;
      throw invalid(
        `option "${name}", it holds ${JSON.stringify(pattern)}. Pass a glob, a RegExp or an array of them.`,
      );
    });
  };
  const { importSource, locations } = given as FileOptions;
  const plugin = resolvePluginOptions(
    Object.fromEntries(
      Object.entries({ importSource, locations }).filter(([, value]) => value !== undefined),
    ),
  );
  const include = patterns('include');
  const exclude = patterns('exclude');
  const wantsDependencies = include?.some((pattern) => String(pattern).includes('node_modules'));
  const skipsDependencies = exclude === undefined && !wantsDependencies;
  const left = exclude ?? (skipsDependencies ? [DEPENDENCIES] : []);
  return { plugin, include, exclude: [OURSELVES, ...left], skipsDependencies };
}
