/** What the report says of what was not watched. */
import { plural, printable } from '../../../messages.js';
import type { Reason, Watched } from '../watch/process-report.js';
import type { Report } from './report.js';

/** Where no generator was called: how much that means. */
export const NOTHING: Record<Watched, string> = {
  'no file': 'no file was watched.',
  'no generator': 'the files that were watched hold no async generator.',
  generators: 'no async generator of a compiled file was called.',
};

const REASONS: Record<Reason, string> = {
  excluded: 'left out by --include, --exclude or the configuration',
  dependency: 'a dependency; name its package in --deps to watch it',
  lowered: 'lowered before it was loaded; have that tool emit ES2018 or newer',
  unreadable: 'it does not compile, see the warning',
  unhooked: 'loaded by Node in a way that this version of it does not let us see',
  evaluated: 'run by node:vm, as test runners do; use asyncgen-hooks in the configuration of yours',
  process: 'a Node process that was started without NODE_OPTIONS',
  runtime: 'a process of another runtime',
};

/** One line for each reason. */
export function unwatchedLines({ unwatched }: Report): string[] {
  return (Object.keys(REASONS) as Reason[]).flatMap((reason) => {
    const [first, ...more] = unwatched.filter((each) => each.reason === reason);
    if (first === undefined) return [];
    const others = more.length === 0 ? '' : ` and ${more.length} more`;
    return `not watched: ${shown(first.what)}${others} (${REASONS[reason]}).`;
  });
}

/** What was asked for by name, and what came of it. */
export function askedLines({ dependencies, idleGlobs }: Report): string[] {
  const found = dependencies.filter(({ files }) => files > 0);
  const lines = found.map(
    ({ name, version = '', files }) =>
      `${name}${version && ` ${printable(version)}`}: ${plural(files, 'file')} loaded.`,
  );
  for (const { name, files } of dependencies)
    if (files === 0) lines.push(`--deps ${name}: the program loaded no file of it that we saw.`);
  for (const glob of idleGlobs)
    lines.push(`--include ${printable(glob)}: it matched no file that was loaded.`);
  return lines;
}

export function lostLines({ missing, lost }: Report): string[] {
  const lines: string[] = [];
  const processes = lost.slice(0, missing).map(shown).join(', ');
  if (missing > 0) {
    const noun = missing === 1 ? 'process' : 'processes';
    lines.push(`${missing} more ${noun} left no report, killed or still running: ${processes}.`);
  }
  for (const what of lost.slice(missing)) lines.push(`lost: ${printable(what)}.`);
  return lines;
}

/** A command line may be of any length. */
const shown = (text: string): string => printable(text).slice(0, 200);
