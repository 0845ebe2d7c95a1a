import { resolve } from 'node:path';
import { suggest } from '../../../messages.js';
import {
  resolveOptions as resolvePluginOptions,
  type Options as PluginOptions,
  type ResolvedOptions as ResolvedPluginOptions,
} from '../../../transform/options.js';

type Pattern = string | RegExp;
type Patterns = Pattern | readonly Pattern[];

/** Options of `asyncgen-hooks/register` and of the command: those of the Babel plugin, and these. */
export interface Options extends PluginOptions {
  /**
   * The files to compile. A glob is relative to the folder that Node was started in; a RegExp is
   * tested on the absolute path, with `/`.
   * @default every script
   */
  include?: Patterns;
  /**
   * The files to leave alone; stronger than `include`.
   * @default /\/node_modules\//, unless `include` names `node_modules`
   */
  exclude?: Patterns;
  /**
   * Whether compiled files are kept on disk for the next run.
   * @default true
   */
  cache?: boolean;
}

export interface ResolvedOptions {
  readonly plugin: ResolvedPluginOptions;
  readonly include: readonly Pattern[] | undefined;
  readonly exclude: readonly Pattern[];
  readonly cache: boolean;
}

const NAMES = ['importSource', 'locations', 'include', 'exclude', 'cache'];
const DEPENDENCIES = /\/node_modules\//;
/** The runtime is not to be hooked by itself. */
const OURSELVES = /\/asyncgen-hooks\/dist\//;

/**
 * Checks the options once and fills in the defaults.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, naming the option, what it got and what it takes.
 */
export function resolveOptions(given: unknown): ResolvedOptions {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalid(`options, they are ${JSON.stringify(given)}. Pass an object.`);
  for (const name of Object.keys(given)) {
    if (NAMES.includes(name)) continue;
    throw invalid(
      `option "${name}", there is none of that name. ${suggest(name, NAMES, 'options')}`,
    );
  }
  const { include: in_, exclude: out, cache = true, ...plugin } = given as Options;
  if (typeof cache !== 'boolean')
    throw invalid(`option "cache", it is ${JSON.stringify(cache)}. Pass true or false.`);
  const include = patterns('include', in_);
  const wantsDependencies = include?.some((pattern) => String(pattern).includes('node_modules'));
  const exclude = patterns('exclude', out) ?? (wantsDependencies ? [] : [DEPENDENCIES]);
  return { plugin: resolvePluginOptions(plugin), include, exclude, cache };
}

function patterns(name: string, given: unknown): Pattern[] | undefined {
  if (given === undefined) return undefined;
  const list: unknown[] = Array.isArray(given) ? given : [given];
  for (const pattern of list) {
    if (pattern instanceof RegExp || (typeof pattern === 'string' && pattern !== '')) continue;
    throw invalid(
      `option "${name}", it holds ${JSON.stringify(pattern)}. Pass a glob, a RegExp or an array of them.`,
    );
  }
  return list as Pattern[];
}

/**
 * @param makeMatch picomatch, loaded only if there is a glob.
 * @returns whether a file, given by its absolute path, is to be compiled.
 */
export function createFilter(
  { include, exclude }: ResolvedOptions,
  cwd: string,
  makeMatch: () => typeof import('picomatch'),
): (file: string) => boolean {
  const matcher = (list: readonly Pattern[]): ((path: string) => boolean) => {
    const tests = list.map((pattern) => {
      if (typeof pattern !== 'string') return (path: string) => path.search(pattern) >= 0;
      return makeMatch()(slashed(resolve(cwd, pattern)), { dot: true });
    });
    return (path) => tests.some((test) => test(path));
  };
  const included = include && matcher(include);
  const excluded = matcher([OURSELVES, ...exclude]);
  return (file) => {
    const path = slashed(file);
    return !excluded(path) && (included === undefined || included(path));
  };
}

const slashed = (path: string): string => path.replaceAll('\\', '/');

const invalid = (text: string): TypeError =>
  Object.assign(new TypeError(`asyncgen-hooks/node: ${text}`), { code: 'ERR_ASYNCGEN_OPTION' });
