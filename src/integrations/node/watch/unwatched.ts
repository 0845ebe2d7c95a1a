import { readFileSync } from 'node:fs';
import module from 'node:module';
import { dirname, join, relative } from 'node:path';
import { mayHaveGenerators } from '../../../syntax/async-star.js';
import { DEPENDENCIES, type ResolvedFileOptions } from '../../files/options.js';
import { createFilter } from '../../files/filter.js';
import type { Notes } from './notes.js';
import type { Dependency, ProcessReport, Reason, Unwatched } from './process-report.js';

const SCRIPT = /\.[cm]?[jt]sx?$/;
/** As many of a kind as anybody reads. */
const MOST = 20;

type Files = Pick<ProcessReport, 'watched' | 'unwatched' | 'dependencies' | 'idleGlobs'>;
type MakeMatch = () => typeof import('picomatch');

/**
 * What this process's files came to, at its end.
 *
 * @param asked globs of the command line, which somebody wrote for this run.
 * @param hasRows whether generators were called. If so, nobody asks what was left out.
 */
export function summarize(
  notes: Notes,
  cwd: string,
  options: ResolvedFileOptions,
  asked: readonly string[],
  makeMatch: MakeMatch,
  hasRows: boolean,
): Files {
  const isIncluded = createFilter(options, cwd, makeMatch);
  noteUnhooked(notes, isIncluded);
  const all = notes.all();
  const filesOf = (fate: string): string[] =>
    all.filter((note) => note.fate === fate).map(({ what }) => what);
  const isWatched = filesOf('compiled').length > 0;
  const isSeen = isWatched || filesOf('seen').length > 0;

  const unwatched: Unwatched[] = [];
  const add = (reason: Reason, files: readonly string[]): void => {
    for (const file of files.slice(0, MOST)) unwatched.push({ reason, what: shown(cwd, file) });
  };
  for (const reason of ['lowered', 'unreadable', 'unhooked', 'evaluated'] as const)
    add(reason, filesOf(reason).filter(isIncluded));
  if (!hasRows) {
    const isDependency = (file: string): boolean => DEPENDENCIES.test(file);
    const left = filesOf('excluded');
    const own = left.find((file) => !isDependency(file) && hasGenerators(file));
    if (own !== undefined) add('excluded', [own]);
    const dependency = left.find((file) => isDependency(file) && hasGenerators(file));
    if (dependency !== undefined) add('dependency', [dependency]);
  }
  for (const reason of ['process', 'runtime'] as const)
    for (const what of filesOf(reason).slice(0, MOST)) unwatched.push({ reason, what });
  const seen = filesOf('seen');
  const idleGlobs = asked.filter(
    (glob) => !seen.some(createFilter({ include: [glob], exclude: [] }, cwd, makeMatch)),
  );
  return {
    watched: isWatched ? 'generators' : isSeen ? 'no generator' : 'no file',
    unwatched,
    dependencies: options.dependencies.map((name) => dependency(name, seen)),
    idleGlobs,
  };
}

function dependency(name: string, seen: readonly string[]): Dependency {
  const folder = `/node_modules/${name}/`;
  const own = seen.filter((file) => file.replaceAll('\\', '/').includes(folder));
  const [first] = own;
  if (first === undefined) return ofWorkspace(name, seen);
  const root = first.slice(0, first.replaceAll('\\', '/').lastIndexOf(folder) + folder.length);
  return { name, files: own.length, ...versionIn(readManifest(root)) };
}

/** Where a link in `node_modules` leads out of it, Node knows the files by where it leads to. */
function ofWorkspace(name: string, seen: readonly string[]): Dependency {
  const manifests = new Map<string, Manifest>();
  /** That of the package which a folder belongs to. */
  const find = (folder: string): Manifest => {
    let found = manifests.get(folder);
    if (found === undefined) {
      const own = readManifest(folder);
      const above = dirname(folder);
      found = own.name !== undefined || above === folder ? own : find(above);
      manifests.set(folder, found);
    }
    return found;
  };
  const own = seen.filter((file) => find(dirname(file)).name === name);
  return { name, files: own.length, ...(own[0] && versionIn(find(dirname(own[0])))) };
}

interface Manifest {
  readonly name?: unknown;
  readonly version?: unknown;
}

function readManifest(folder: string): Manifest {
  try {
    return Object(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))) as Manifest;
  } catch {
    return {};
  }
}

const versionIn = ({ version }: Manifest): { version?: string } =>
  typeof version === 'string' ? { version } : {};

/** Whatever came by `require` stands in its cache. */
function noteUnhooked(notes: Notes, isIncluded: (file: string) => boolean): void {
  const { _cache } = module as unknown as { _cache: Record<string, { loaded?: boolean }> };
  for (const file of Object.keys(_cache)) {
    if (!SCRIPT.test(file) || notes.has('seen', file) || !isIncluded(file)) continue;
    // Tests put their own things there.
    if (!(_cache[file] instanceof module) || !hasGenerators(file)) continue;
    notes.add('unhooked', file);
  }
}

function hasGenerators(file: string): boolean {
  try {
    return mayHaveGenerators(readFileSync(file, 'utf8'));
  } catch {
    return false;
  }
}

const shown = (cwd: string, file: string): string => relative(cwd, file).replaceAll('\\', '/');
