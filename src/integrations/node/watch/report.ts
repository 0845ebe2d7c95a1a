import type { AsyncGenSite } from '../../../runtime/index.js';
import { FIELDS, type Row } from './counts.js';

/** What the generators of one generator function did. */
export interface GeneratorReport extends AsyncGenSite {
  /** How often the function was called. */
  readonly called: number;
  /** How many items its generators gave. */
  readonly items: number;
  readonly exhausted: number;
  readonly closed: number;
  readonly failed: number;
  readonly abandoned: number;
  /** Began, and had not finished when the program came to its end. */
  readonly open: number;
  readonly neverIterated: number;
  /** How long the slowest step took, in milliseconds. */
  readonly slowestStep: number;
}

/** What a process has to tell of itself and its workers. */
export interface ProcessReport {
  readonly rows: readonly Row[];
  /** It ended at once, by `process.exit()` or an error, and generators were open. */
  readonly isCutOff: boolean;
}

/** What `--json` writes. */
export interface Report {
  readonly version: 1;
  /** The folder that the files are relative to. */
  readonly cwd: string;
  /** The processes that were watched to their end, the first one included. */
  readonly processes: number;
  /** The processes that were watched and left no report: they were killed, or are still running. */
  readonly missing: number;
  /**
   * The processes that ended at once, by `process.exit()` or an error, while generators were open:
   * those that the program had dropped count as open, too.
   */
  readonly cutOff: number;
  /** How many generators were abandoned or still open. */
  readonly leaks: number;
  /** One for each generator function that was called; those with problems first. */
  readonly generators: readonly GeneratorReport[];
}

export function makeReport(
  cwd: string,
  reports: readonly ProcessReport[],
  missing: number,
): Report {
  const generators = merge(reports.flatMap(({ rows }) => rows))
    .map(reportOf)
    .sort(byProblems);
  const leaks = generators.reduce((sum, { abandoned, open }) => sum + abandoned + open, 0);
  const cutOff = reports.filter(({ isCutOff }) => isCutOff).length;
  return { version: 1, cwd, processes: reports.length, missing, cutOff, leaks, generators };
}

function merge(rows: readonly Row[]): Row[] {
  const merged = new Map<string, Row>();
  for (const row of rows) {
    const key = JSON.stringify(row.site);
    const before = merged.get(key);
    if (before === undefined) {
      merged.set(key, { ...row });
      continue;
    }
    for (const field of FIELDS) {
      if (field === 'slowestStep') before[field] = Math.max(before[field], row[field]);
      else before[field] += row[field];
    }
  }
  return [...merged.values()];
}

function reportOf({ site, begun, slowestStep, ...row }: Row): GeneratorReport {
  const { called, items, exhausted, closed, failed, abandoned } = row;
  return {
    ...site,
    called,
    items,
    exhausted,
    closed,
    failed,
    abandoned,
    open: begun - exhausted - closed - failed - abandoned,
    neverIterated: Math.max(0, called - begun),
    slowestStep: Math.round(slowestStep * 1000) / 1000,
  };
}

/** Worst first. */
export const PROBLEMS = ['abandoned', 'open', 'failed', 'neverIterated'] as const;

function byProblems(a: GeneratorReport, b: GeneratorReport): number {
  for (const problem of PROBLEMS) if (a[problem] !== b[problem]) return b[problem] - a[problem];
  return b.called - a.called;
}
