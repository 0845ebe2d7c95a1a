/** How the reports say what they say. */
import { printable } from '../../../messages.js';
import type { AsyncGenSite } from '../../../runtime/index.js';
import type { Beginning, LeftGenerators } from '../watch/left.js';

export const STATES: Record<LeftGenerators['state'], string> = {
  abandoned: 'abandoned',
  suspended: 'open',
  running: 'in a step that is still pending',
  closing: 'asked to close, in a step that is still pending',
};

/** `src/db.mjs:12`; `''` for what was compiled without locations. */
export const sayPlace = ({ file, line }: AsyncGenSite): string =>
  file === undefined ? '' : `${printable(file)}:${line}`;

/**
 * `2 open, parked at src/db.mjs:14 for up to 1.2 s`
 * @param isKnown whether it was said how many there are, and what.
 */
export function sayKind(kind: LeftGenerators, isKnown = false): string {
  const { count, state, parked, longest } = kind;
  const isWaiting = state === 'running' || state === 'closing';
  const facts: string[] = [];
  if (!isKnown) facts.push(`${count} ${STATES[state]}`);
  else if (isWaiting) facts.push(STATES[state]);
  if (parked !== undefined) facts.push(`parked at ${sayPlace({ name: '', ...parked })}`);
  return `${facts.join(', ')} for ${count > 1 ? 'up to ' : ''}${duration(longest)}`.trim();
}

/** As a frame of a stack has it: terminals make a link of it. */
export const sayBeginning = ({ file, line, column, function: name }: Beginning): string =>
  `${name === undefined ? '' : `in ${printable(name)}() `}at ${printable(file)}:${line}:${column + 1}`;

function duration(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

/** Words that are wider than a line stay whole: they are paths, which people copy. */
export function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent + word;
    } else line += (line === '' ? '' : ' ') + word;
  }
  return [...lines, line];
}
