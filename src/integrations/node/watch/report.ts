import type { AsyncGenSite } from '../../../runtime/index.js';
import { plural } from '../../../messages.js';
import { FIELDS, type Row } from './counts.js';
import type { LeftGenerators, LeftRow } from './left.js';
import type { Fate } from './notes.js';

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
  /** Those that were abandoned or open, by where they are. A worker that was terminated tells of none. */
  readonly left: readonly LeftGenerators[];
}

/** Async generators that ran, or may have run, where nobody saw them. */
export interface Unwatched {
  readonly reason: Reason;
  /** A file, or the command line of a process. */
  readonly what: string;
}

export type Reason = Exclude<Fate, 'seen' | 'compiled'> | 'dependency';

/** No file at all; files, none of which has an async generator; or files that have some. */
export type Watched = (typeof WATCHED)[number];
const WATCHED = ['no file', 'no generator', 'generators'] as const;

/** What a process has to tell of itself and its workers. */
export interface ProcessReport {
  readonly watched: Watched;
  readonly unwatched: readonly Unwatched[];
  readonly rows: readonly Row[];
  readonly left: readonly LeftRow[];
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
  /** What is lost: of each missing process its command line, and what could not be read or written. */
  readonly lost: readonly string[];
  readonly watched: Watched;
  /** Left out on purpose, those stand here only if no generator was called: `excluded`, `dependency`. */
  readonly unwatched: readonly Unwatched[];
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
  missing: readonly string[],
  lost: readonly string[] = [],
): Report {
  const left = leftBySite(reports.flatMap((each) => each.left));
  const generators = merge(reports.flatMap(({ rows }) => rows))
    .map((row) => reportOf(row, left.get(JSON.stringify(row.site)) ?? []))
    .sort(byProblems);
  const leaks = generators.reduce((sum, { abandoned, open }) => sum + abandoned + open, 0);
  const cutOff = reports.filter(({ isCutOff }) => isCutOff).length;
  return {
    version: 1,
    cwd,
    processes: reports.length,
    missing: missing.length,
    lost: [...missing, ...lost],
    cutOff,
    leaks,
    watched: WATCHED[Math.max(...reports.map(({ watched }) => WATCHED.indexOf(watched)))]!,
    unwatched: unwatchedOf(reports, generators.length > 0),
    generators,
  };
}

/** What is left out on purpose; it is of interest only where nothing else was watched. */
const LEFT_OUT: readonly Reason[] = ['excluded', 'dependency'];
/** They may do anything, or nothing; where they are all that was at work, the run watched nothing. */
const ELSEWHERE: readonly Reason[] = ['process', 'runtime'];

function unwatchedOf(reports: readonly ProcessReport[], hasRows: boolean): Unwatched[] {
  const all = reports.flatMap(({ unwatched }) => unwatched);
  const unique = new Map(all.map((each) => [`${each.reason} ${each.what}`, each]));
  return [...unique.values()].filter(({ reason }) => !hasRows || !LEFT_OUT.includes(reason));
}

/**
 * Why a run that was to fail on leaks has to fail; empty if it may pass.
 * @param passesWithoutFiles whether it may pass though no file was watched.
 */
export function failuresOf(report: Report, passesWithoutFiles: boolean): string[] {
  const { leaks, lost, watched, unwatched, generators } = report;
  const failures: string[] = [];
  if (leaks > 0) failures.push(plural(leaks, 'leak'));
  if (lost.length > 0) failures.push('a report is lost');
  const isNothing = generators.length === 0 && watched !== 'generators';
  const missed = unwatched.filter(
    ({ reason }) => !LEFT_OUT.includes(reason) && (isNothing || !ELSEWHERE.includes(reason)),
  );
  if (isNothing && passesWithoutFiles) return failures;
  if (watched === 'no file' && generators.length === 0)
    failures.push('no file was watched (--pass-with-no-files lets that pass)');
  else if (missed.length > 0) failures.push('what may have async generators was not watched');
  return failures;
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

/** Those of several threads and processes that were left alike are of one kind. */
function leftBySite(rows: readonly LeftRow[]): Map<string, LeftGenerators[]> {
  const merged = new Map<string, Map<string, LeftGenerators>>();
  for (const { site, count, longest, stuck, ...kind } of rows) {
    const kinds = getOrAdd(merged, JSON.stringify(site), () => new Map<string, LeftGenerators>());
    const key = JSON.stringify(kind);
    const before = kinds.get(key) ?? { count: 0, longest: 0, stuck: 0 };
    kinds.set(key, {
      ...kind,
      count: before.count + count,
      longest: Math.max(before.longest, longest),
      stuck: before.stuck + stuck,
    });
  }
  return new Map([...merged].map(([site, kinds]) => [site, [...kinds.values()]]));
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  if (!map.has(key)) map.set(key, make());
  return map.get(key)!;
}

function reportOf(
  { site, begun, slowestStep, ...row }: Row,
  left: readonly LeftGenerators[],
): GeneratorReport {
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
    left: [...left].sort((a, b) => b.count - a.count),
  };
}

/** Worst first. */
export const PROBLEMS = ['abandoned', 'open', 'failed', 'neverIterated'] as const;

function byProblems(a: GeneratorReport, b: GeneratorReport): number {
  for (const problem of PROBLEMS) if (a[problem] !== b[problem]) return b[problem] - a[problem];
  return b.called - a.called;
}
