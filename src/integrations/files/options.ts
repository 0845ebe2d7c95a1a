import { types } from 'node:util';
import { show } from '../../messages.js';
import { checkNames, optionError } from '../../options.js';
import {
  resolveOptions as resolvePluginOptions,
  type Options as PluginOptions,
  type ResolvedOptions as ResolvedPluginOptions,
} from '../../syntax/options.js';
import { OWN_FOLDER } from '../shim.js';

export type Pattern = string | RegExp;
type Patterns = Pattern | readonly Pattern[];

/** Options of all integrations: those of the Babel plugin, and which files are compiled. */
export interface FileOptions extends PluginOptions {
  /**
   * The files to compile. A glob is relative to the root of the bundler's project, or to the folder
   * that Node was started in, unless it begins with `**`; a RegExp is tested on the absolute path, with `/`. A query (`?v=1`)
   * is no part of either.
   * @default every script
   */
  include?: Patterns;
  /**
   * The files to leave alone; stronger than `include`. Dependencies are left alone in any case,
   * unless `include` names `node_modules` or this is an empty list.
   * @default no more than dependencies
   */
  exclude?: Patterns;
  /**
   * The dependencies to compile, by the names of their packages, besides the files of the project.
   * @default none
   */
  dependencies?: readonly string[];
}

export interface ResolvedFileOptions {
  readonly plugin: ResolvedPluginOptions;
  readonly include: readonly Pattern[] | undefined;
  /** What is never compiled comes first. */
  readonly exclude: readonly Pattern[];
  readonly dependencies: readonly string[];
  /** Whether no file of a dependency is compiled, as is the rule. */
  readonly skipsDependencies: boolean;
}

export const DEPENDENCIES = /[\\/]node_modules[\\/]/;

/**
 * The runtime is not to be hooked by itself: where it was installed, and where this file stands,
 * which may be behind a link.
 */
export const OURSELVES: readonly RegExp[] = [
  /[\\/]node_modules[\\/]asyncgen-hooks[\\/]dist[\\/]/,
  folderPattern(OWN_FOLDER),
];

const NAMES = ['importSource', 'locations', 'include', 'exclude', 'dependencies'];

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
  const options = checkNames<FileOptions>(`${room}:`, given, [...NAMES, ...more]);
  const patterns = (name: 'include' | 'exclude'): Pattern[] | undefined => {
    const value = options[name];
    if (value === undefined) return undefined;
    return [value].flat().map((pattern: unknown) => {
      // Another realm's, too; and a copy, since `g` and `y` would keep state.
      if (types.isRegExp(pattern))
        return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''));
      if (typeof pattern === 'string' && pattern !== '' && !pattern.startsWith('!')) return pattern;
      const isNegated = typeof pattern === 'string' && pattern.startsWith('!');
      const remedy =
        isNegated && name === 'include'
          ? 'Pass what to leave out as "exclude", without "!".'
          : 'Pass a glob without "!", a RegExp or an array of them.';
      throw optionError(`${room}:`, `option "${name}" holds ${show(pattern)}. ${remedy}`);
    });
  };
  const { importSource, locations } = options;
  const plugin = resolvePluginOptions(
    Object.fromEntries(
      Object.entries({ importSource, locations }).filter(([, value]) => value !== undefined),
    ),
  );
  const include = patterns('include');
  const exclude = patterns('exclude');
  const dependencies = packagesOf(room, options.dependencies);
  const wantsDependencies = include?.some((pattern) => String(pattern).includes('node_modules'));
  const takesAll = wantsDependencies || exclude?.length === 0;
  const others = dependencies.length > 0 ? otherThan(dependencies) : DEPENDENCIES;
  const left = [...(takesAll ? [] : [others]), ...(exclude ?? [])];
  const skipsDependencies = !takesAll && dependencies.length === 0;
  return { plugin, include, exclude: [...OURSELVES, ...left], dependencies, skipsDependencies };
}

/** Source: https://docs.npmjs.com/cli/configuring-npm/package-json#name */
const PACKAGE = /^(?:@[a-z0-9-~][a-z0-9-._~]*\/)?[a-z0-9-~][a-z0-9-._~]*$/i;

function packagesOf(room: string, given: unknown = []): string[] {
  const subject = `${room}:`;
  const flag = room === 'node' ? ' (--deps)' : '';
  const fact = (value: unknown): string => `option "dependencies"${flag} holds ${show(value)}`;
  if (!Array.isArray(given))
    throw optionError(
      subject,
      `option "dependencies" is ${show(given)}. Pass an array of names of packages.`,
    );
  const wrong = given.find((name) => typeof name !== 'string' || !PACKAGE.test(name));
  if (wrong !== undefined) throw optionError(subject, `${fact(wrong)}. Pass names of packages.`);
  return given as string[];
}

/** The innermost `node_modules` counts: pnpm keeps a package in one within another. */
function otherThan(names: readonly string[]): RegExp {
  const known = names.map((name) => name.replace(/[.]/g, '\\.').replace('/', '[\\\\/]')).join('|');
  return new RegExp(
    `[\\\\/]node_modules[\\\\/](?!(?:${known})[\\\\/])(?!.*[\\\\/]node_modules[\\\\/])`,
  );
}

/** @param folder its path, with a slash at the end. */
function folderPattern(folder: string): RegExp {
  const parts = folder.split(/[\\/]/).map((part) => part.replace(/[^\w-]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\\\/]')}`, process.platform === 'win32' ? 'i' : '');
}
