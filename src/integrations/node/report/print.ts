/** The report for people, as wide as their terminal. */
import { styleText } from 'node:util';
import { plural, printable } from '../../../messages.js';
import { codeFrame } from './live-gens.js';
import { askedLines, lostLines, NOTHING, unwatchedLines } from './gaps.js';
import type { LeftGenerators } from '../watch/left.js';
import { keyOf, PROBLEMS, type GeneratorReport, type Report } from './report.js';
import { cut, padded, sayBeginning, sayKind, sayPlace, widthOf, wrap } from './words.js';

const COUNTS = {
  called: 'called',
  items: 'items',
  exhausted: 'exhausted',
  closed: 'closed',
  failed: 'failed',
  abandoned: 'abandoned',
  open: 'still open',
  neverIterated: 'never iterated',
} as const satisfies Partial<Record<keyof GeneratorReport, string>>;
type Count = keyof typeof COUNTS;

export interface Printing {
  /** Why the run fails, if it does. */
  readonly failures: readonly string[];
  /** The functions whose leaks a baseline has. */
  readonly known?: ReadonlySet<string>;
  /** How many columns there are. */
  readonly width: number;
  readonly hasColors: boolean;
  /** Whether functions without a problem are listed. */
  readonly showsAll: boolean;
}

/** As many of a kind as anybody reads; `--all` and `--json` have the rest. */
const MOST_KINDS = 5;
const MOST_BLOCKS = 20;

export function formatReport(report: Report, printing: Printing): string {
  const { generators } = report;
  const { failures, width } = printing;
  const lines: string[] = [''];
  if (generators.length > 0) lines.push(...generatorLines(report, printing));
  const notes: string[] = [];
  if (report.processes > 1) notes.push(`${report.processes} processes were watched.`);
  if (report.cutOff > 0) {
    const which = report.processes > 1 ? `${report.cutOff} of them` : 'the program';
    notes.push(
      `${which} ended by process.exit() or an error, so what was abandoned counts as still open.`,
    );
  }
  notes.push(...askedLines(report), ...unwatchedLines(report), ...lostLines(report));
  notes.push(generators.length === 0 ? NOTHING[report.watched] : summary(report));
  if (failures.length > 0) notes.push(`the run fails: ${failures.join(', ')}.`);
  for (const note of notes) lines.push(...wrap(`asyncgen-hooks: ${note}`, width, '  '));
  return `${lines.join('\n')}\n`;
}

/**
 * What is open in a process that goes on.
 * @param notes lines behind it, of which each ends with a full stop.
 */
export function formatOpen(
  generators: readonly GeneratorReport[],
  { pid, cwd, notes = [] }: { pid: number; cwd: string; notes?: readonly string[] },
  printing: Pick<Printing, 'width' | 'hasColors'>,
): string {
  const total = generators.reduce((sum, { open }) => sum + open, 0);
  const blocks = generators
    .slice(0, MOST_BLOCKS)
    .flatMap((each) => [...block(each, cwd, printing), '']);
  const hidden = generators.length - MOST_BLOCKS;
  if (hidden > 0) blocks.push(`${plural(hidden, 'more function')}.`, '');
  const sum = `${plural(total, 'generator')} open in process ${pid}.`;
  const lines = [...notes, sum].flatMap((note) =>
    wrap(`asyncgen-hooks: ${note}`, printing.width, '  '),
  );
  return `${['', ...blocks, ...lines].join('\n')}\n`;
}

function generatorLines(report: Report, printing: Printing): string[] {
  const { showsAll, known } = printing;
  const isKnown = (each: GeneratorReport): boolean => known?.has(keyOf(each)) ?? false;
  const isProblem = (each: GeneratorReport): boolean =>
    PROBLEMS.some((field) => each[field] > 0) && !isKnown(each);
  const problems = report.generators.filter(isProblem);
  const shown = showsAll ? problems : problems.slice(0, MOST_BLOCKS);
  const lines = shown.flatMap((each) => [...block(each, report.cwd, printing), '']);
  const hidden = problems.length - shown.length;
  const inBaseline = report.generators.filter(isKnown).length;
  const healthy = report.generators.length - problems.length - inBaseline;
  if (showsAll) lines.push(...list(report.generators, printing), '');
  else {
    const parts: string[] = [];
    if (hidden > 0) parts.push(`${plural(hidden, 'more function')} with a problem`);
    if (healthy > 0) parts.push(`${plural(healthy, 'function')} without a problem`);
    if (inBaseline > 0) parts.push(`${plural(inBaseline, 'function')} in the baseline`);
    if (parts.length > 0) lines.push(`${parts.join(', ')} (--all lists them).`, '');
  }
  return lines;
}

const MARKS = [
  ['abandoned', 'red'],
  ['open', 'red'],
  ['failed', 'yellow'],
  ['neverIterated', 'yellow'],
] as const;

/**
 *     3 still open  rows  src/db.mjs:12
 *       parked at src/db.mjs:14 for up to 1.2 s
 *       first iterated in main() at src/app.mjs:20:15
 */
function block(
  each: GeneratorReport,
  cwd: string,
  printing: Pick<Printing, 'width' | 'hasColors'>,
): string[] {
  const { width, hasColors } = printing;
  const paint = painter(hasColors);
  const counts = MARKS.filter(([field]) => each[field] > 0);
  const what = counts.map(([field]) => `${each[field]} ${COUNTS[field]}`).join(', ');
  const [name, place] = [nameOf(each), sayPlace(each)];
  const isShort = widthOf(what) + 2 + widthOf(`${name}  ${place}`.trimEnd()) <= width;
  const where = whereLines(name, place, isShort ? Infinity : width - 2, paint);
  const head = paint(counts[0]![1], what);
  const lines = isShort ? [`${head}  ${where[0]!}`] : [head, ...where.map((line) => `  ${line}`)];
  const { left } = each;
  const isOne = left.length === 1 && counts.length === 1;
  for (const kind of left.slice(0, MOST_KINDS)) lines.push(...kindLines(kind, isOne, width));
  if (left.length > MOST_KINDS) {
    const more = left.slice(MOST_KINDS).reduce((sum, { count }) => sum + count, 0);
    lines.push(`  and ${more} more, left elsewhere`);
  }
  if (left.length === 0) return lines;
  const at = left[0]!.parked ?? left[0]!.awaits ?? each;
  for (const line of codeFrame(cwd, at.file, at.line))
    // A terminal's tabs would take the frame beyond its width.
    lines.push(cut(`  ${line.replaceAll('\t', '  ')}`, width));
  return lines;
}

/** In one line if that is wide enough, else in two. */
function whereLines(name: string, place: string, width: number, paint: Paint): string[] {
  const isOne = place === '' || widthOf(name) + 2 + widthOf(place) <= width;
  return isOne ? [`${paint('bold', name)}  ${place}`.trimEnd()] : [paint('bold', name), place];
}

/** @param isOne whether the line above says how many there are, and what. */
function kindLines(kind: LeftGenerators, isOne: boolean, width: number): string[] {
  const { count, begun, stuck } = kind;
  const lines = wrap(`  ${sayKind(kind, isOne)}`, width, '    ');
  if (begun !== undefined)
    lines.push(...wrap(`  first iterated ${sayBeginning(begun)}`, width, '    '));
  if (stuck > 0) {
    const who = stuck === count ? '' : `${stuck} of them `;
    lines.push(...wrap(`  ${who}did not close in time; let what it waits for end`, width, '    '));
  }
  return lines;
}

/** All functions, one line each where that is wide enough. */
function list(generators: readonly GeneratorReport[], { width, hasColors }: Printing): string[] {
  const paint = painter(hasColors);
  const rows = generators.map((each) => {
    const counts = (Object.keys(COUNTS) as Count[])
      .filter((field) => each[field] > 0)
      .map((field) =>
        field === 'items' ? plural(each.items, 'item') : `${each[field]} ${COUNTS[field]}`,
      );
    const slowest = `slowest step ${each.slowestStep.toFixed(1)} ms`;
    return [nameOf(each), sayPlace(each), [...counts, slowest].join(', ')] as const;
  });
  const widest = (at: 0 | 1): number =>
    Math.min(24, Math.max(...rows.map((row) => widthOf(row[at]))));
  const [names, places] = [widest(0), widest(1)];
  return rows.flatMap(([name, place, counts]) => {
    const head = `${padded(name, names)}  ${padded(place, places)}`;
    const one = `${paint('bold', name)}${head.slice(name.length)}  ${counts}`;
    if (widthOf(head) + 2 + counts.length <= width) return [one];
    const [first, ...rest] = whereLines(name, place, width, paint);
    return [first!, ...rest.map((line) => `  ${line}`), ...wrap(`  ${counts}`, width, '  ')];
  });
}

const nameOf = ({ name }: GeneratorReport): string => printable(name) || '(anonymous)';

function summary({ generators }: Report): string {
  const sum = (field: Count): number =>
    generators.reduce((total, generator) => total + generator[field], 0);
  const problems = PROBLEMS.map((field) => [sum(field), COUNTS[field]] as const)
    .filter(([count]) => count > 0)
    .map(([count, head]) => `${count} ${head}`);
  return `${plural(sum('called'), 'generator')}, ${problems.length === 0 ? 'no problem' : problems.join(', ')}.`;
}

type Paint = (color: Parameters<typeof styleText>[0], text: string) => string;

const painter =
  (hasColors: boolean): Paint =>
  (color, text) =>
    // Whether there are colours is decided: Node would look at stdout, and the report goes to stderr.
    hasColors ? styleText(color, text, { validateStream: false }) : text;
