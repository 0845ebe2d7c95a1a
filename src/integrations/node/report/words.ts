/** How the reports say what they say. */
import { eastAsianWidth } from 'get-east-asian-width';
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
  const { count, state, parked, awaits, longest } = kind;
  const isWaiting = state === 'running' || state === 'closing';
  const facts: string[] = [];
  if (!isKnown) facts.push(`${count} ${STATES[state]}`);
  else if (isWaiting) facts.push(STATES[state]);
  if (parked !== undefined) facts.push(`parked at ${sayPlace({ name: '', ...parked })}`);
  if (awaits !== undefined) facts.push(`at ${sayPlace({ name: '', ...awaits })}`);
  const waits =
    longest === undefined ? '' : ` for ${count > 1 ? 'up to ' : ''}${duration(longest)}`;
  return `${facts.join(', ')}${waits}`.trim();
}

/** As a frame of a stack has it: terminals make a link of it. */
export const sayBeginning = ({ file, line, column, function: name }: Beginning): string =>
  `${name === undefined ? '' : `in ${printable(name)}() `}at ${printable(file)}:${line}:${column + 1}`;

function duration(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

/** How many columns of a terminal a line takes. */
export function widthOf(line: string): number {
  let width = 0;
  for (const char of line) width += columnsOf(char);
  return width;
}

/** None for what is drawn over the character before it. */
const columnsOf = (char: string): number =>
  /\p{M}/u.test(char) ? 0 : eastAsianWidth(char.codePointAt(0)!);

/** The beginning of a line, with a mark if that is not all of it. */
export function cut(line: string, width: number): string {
  if (widthOf(line) <= width) return line;
  let taken = '';
  let rest = width - 1;
  for (const char of line) {
    rest -= columnsOf(char);
    if (rest < 0) break;
    taken += char;
  }
  return `${taken}…`;
}

/** Spaces behind a text, up to `width` columns. */
export const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - widthOf(text)));

/** Words that are wider than a line stay whole: they are paths, which people copy. */
export function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width) {
      lines.push(line);
      line = indent + word;
    } else line += (line === '' ? '' : ' ') + word;
  }
  return [...lines, line];
}
