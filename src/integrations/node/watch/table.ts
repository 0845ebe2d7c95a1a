import { createRequire } from 'node:module';
import { styleText } from 'node:util';
import { plural, printable } from '../../../messages.js';
import { lostLines, NOTHING, unwatchedLines } from './gaps.js';
import { PROBLEMS, type GeneratorReport, type Report } from './report.js';

const COUNTS = [
  ['called', 'called'],
  ['items', 'items'],
  ['exhausted', 'exhausted'],
  ['closed', 'closed'],
  ['failed', 'failed'],
  ['abandoned', 'abandoned'],
  ['open', 'still open'],
  ['neverIterated', 'never iterated'],
] as const satisfies readonly (readonly [keyof GeneratorReport, string])[];

const COLORS = {
  abandoned: 'red',
  open: 'red',
  failed: 'yellow',
  neverIterated: 'yellow',
} as const;

/**
 * The report for people.
 * @param failures why the run fails, if it does.
 */
export function formatReport(
  report: Report,
  failures: readonly string[],
  hasColors: boolean,
): string {
  const paint = (color: Parameters<typeof styleText>[0], text: string): string =>
    hasColors ? styleText(color, text) : text;
  const { generators, processes, cutOff } = report;
  const lines: string[] = [''];
  if (generators.length === 0) lines.push(`asyncgen-hooks: ${NOTHING[report.watched]}`);
  else {
    // Not before the program has run.
    const { Table } = createRequire(import.meta.url)(
      './table-printer.cjs',
    ) as typeof import('./table-printer.js');
    const table = new Table({
      head: ['generator', 'file:line', ...COUNTS.map(([, head]) => head), 'slowest step'],
      colAligns: ['left', 'left', ...COUNTS.map(() => 'right' as const), 'right'],
      style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
      chars: NO_LINES,
    });
    for (const generator of generators) {
      const cells = COUNTS.map(([field]) => {
        const count = generator[field];
        const isProblem = count > 0 && field in COLORS;
        if (count === 0) return paint('dim', '-');
        return isProblem
          ? paint(COLORS[field as keyof typeof COLORS], String(count))
          : String(count);
      });
      const { name, file, line, slowestStep } = generator;
      table.push([
        printable(name) || '(anonymous)',
        file === undefined ? '-' : `${printable(file)}:${line}`,
        ...cells,
        `${slowestStep.toFixed(1)} ms`,
      ]);
    }
    const rows = table.toString().split('\n');
    lines.push(...rows.map((row) => row.trimEnd()), '', `asyncgen-hooks: ${summary(report)}`);
  }
  if (processes > 1) lines.push(`asyncgen-hooks: ${processes} processes were watched.`);
  if (cutOff > 0) {
    const which = processes > 1 ? `${cutOff} of them` : 'the program';
    lines.push(
      `asyncgen-hooks: ${which} ended by process.exit() or an error, so what was abandoned counts as still open.`,
    );
  }
  lines.push(...unwatchedLines(report), ...lostLines(report));
  if (failures.length > 0)
    lines.push(`asyncgen-hooks: --fail-on-leak, the run fails: ${failures.join(', ')}.`);
  return `${lines.join('\n')}\n`;
}

function summary({ generators }: Report): string {
  const sum = (field: (typeof COUNTS)[number][0]): number =>
    generators.reduce((total, generator) => total + generator[field], 0);
  const heads = Object.fromEntries(COUNTS);
  const problems = PROBLEMS.map((field) => [sum(field), heads[field]!] as const)
    .filter(([count]) => count > 0)
    .map(([count, head]) => `${count} ${head}`);
  const total = sum('called');
  return `${plural(total, 'generator')}, ${problems.length === 0 ? 'no problem' : problems.join(', ')}.`;
}

const NO_LINES = Object.fromEntries(
  ['top', 'bottom'].flatMap((side) => ['', '-mid', '-left', '-right'].map((at) => [side + at, ''])),
);
Object.assign(NO_LINES, { left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '' });
Object.assign(NO_LINES, { 'right-mid': '', middle: '' });
