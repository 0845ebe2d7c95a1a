import { readFileSync } from 'node:fs';
import module from 'node:module';
import { relative } from 'node:path';
import { mayHaveGenerators } from '../../../syntax/async-star.js';
import { DEPENDENCIES } from '../../compiler/files.js';
import type { Notes } from './notes.js';
import type { ProcessReport, Reason, Unwatched } from './process-report.js';

const SCRIPT = /\.[cm]?[jt]sx?$/;
/** As many of a kind as anybody reads. */
const MOST = 20;

/**
 * What this process's files came to, at its end.
 *
 * @param isIncluded whether the globs have it compiled.
 * @param hasRows whether generators were called. If so, nobody asks what was left out.
 */
export function summarize(
  notes: Notes,
  cwd: string,
  isIncluded: (file: string) => boolean,
  hasRows: boolean,
): Pick<ProcessReport, 'watched' | 'unwatched'> {
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
  return { watched: isWatched ? 'generators' : isSeen ? 'no generator' : 'no file', unwatched };
}

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
