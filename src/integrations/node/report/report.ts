import { relative, resolve } from 'node:path';
import type { AsyncGenSite } from '../../../runtime/index.js';
import { plural } from '../../../messages.js';
import { mergeLanes, NO_LANES, packLanes, type ReportLanes } from './lanes.js';
import { FIELDS, type Row } from '../watch/counts.js';
import type { LeftGenerators, LeftRow } from '../watch/left.js';
import {
  WATCHED,
  type Dependency,
  type ProcessReport,
  type Reason,
  type Unwatched,
  type Watched,
} from '../watch/process-report.js';

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

/** What `--json` writes. */
export interface Report {
  readonly version: 1;
  /** The folder that the files are relative to. */
  readonly cwd: string;
  /** The processes that were watched to their end and loaded a file of those that are watched; `npm` and such do not. */
  readonly processes: number;
  /** The processes that were watched and left no report: they were killed, or are still running. */
  readonly missing: number;
  /** What is lost: of each missing process its command line, and what could not be read or written. */
  readonly lost: readonly string[];
  readonly watched: Watched;
  /** Those that were asked for by `--deps`, or `dependencies`. */
  readonly dependencies: readonly Dependency[];
  /** Globs of `--include` that matched no file that was loaded. */
  readonly idleGlobs: readonly string[];
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
  /** What the lanes count from, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** What single generators did, and when; for `--html`. Of those without a problem there are the newest only. */
  readonly lanes: ReportLanes;
}

export function makeReport(
  { cwd, startedAt }: Pick<Report, 'cwd' | 'startedAt'>,
  reports: readonly ProcessReport[],
  missing: readonly string[],
  lost: readonly string[] = [],
): Report {
  const left = leftBySite(reports.flatMap((each) => each.left));
  const generators = merge(reports.flatMap(({ rows }) => rows))
    .map((row) => reportOf(row, left.get(JSON.stringify(row.site)) ?? []))
    .sort(byProblems);
  const cutOff = reports.filter(({ isCutOff }) => isCutOff).length;
  return {
    version: 1,
    cwd,
    processes: reports.filter(({ watched }) => watched !== 'no file').length,
    missing: missing.length,
    lost: [...missing, ...lost],
    cutOff,
    leaks: leaksOf({ generators }),
    watched: WATCHED[Math.max(...reports.map(({ watched }) => WATCHED.indexOf(watched)))]!,
    unwatched: unwatchedOf(reports, generators.length > 0),
    ...globsOf(reports),
    generators,
    startedAt,
    lanes: packLanes(reports.flatMap(({ lanes }) => lanes)),
  };
}

/** One report of several runs. Files that are relative to different folders are told apart. */
export function mergeReports(reports: readonly Report[]): Report {
  const { cwd } = reports[0]!;
  const sum = (field: 'processes' | 'missing' | 'cutOff' | 'leaks'): number =>
    reports.reduce((total, report) => total + report[field], 0);
  const generators = new Map<string, GeneratorReport>();
  for (const report of reports) {
    const move = moveFrom(report, cwd);
    for (const each of report.generators) {
      const file = each.file && move(each.file);
      const { name, line, column } = each;
      const key = JSON.stringify([name, file, line, column]);
      const before = generators.get(key);
      const moved = { ...each, ...(file !== undefined && { file }) };
      generators.set(key, before === undefined ? moved : addReports(before, moved));
    }
  }
  const lost = reports.flatMap((report) => report.lost.slice(0, report.missing));
  const others = reports.flatMap((report) => report.lost.slice(report.missing));
  const all = [...generators.values()].sort(byProblems);
  return {
    version: 1,
    cwd,
    processes: sum('processes'),
    missing: sum('missing'),
    lost: [...lost, ...others],
    cutOff: sum('cutOff'),
    leaks: sum('leaks'),
    watched: WATCHED[Math.max(...reports.map(({ watched }) => WATCHED.indexOf(watched)))]!,
    unwatched: unwatchedOf(reports, all.length > 0),
    ...globsOf(reports),
    generators: all,
    // Each has its own beginning: runs that follow each other stand one above the other.
    startedAt: Math.min(...reports.map(({ startedAt }) => startedAt ?? 0)),
    lanes: mergeLanes(
      reports.map((report) => ({ lanes: report.lanes ?? NO_LANES, move: moveFrom(report, cwd) })),
    ),
  };
}

const moveFrom =
  (report: Pick<Report, 'cwd'>, cwd: string) =>
  (file: string): string =>
    relative(cwd, resolve(report.cwd, file)).replaceAll('\\', '/');

function addReports(a: GeneratorReport, b: GeneratorReport): GeneratorReport {
  const sums = Object.fromEntries(SUMS.map((field) => [field, a[field] + b[field]]));
  const left = mergeKinds([...a.left, ...b.left]);
  return { ...a, ...sums, left, slowestStep: Math.max(a.slowestStep, b.slowestStep) };
}

export const SUMS = [
  'called',
  'items',
  'exhausted',
  'closed',
  'failed',
  'abandoned',
  'open',
  'neverIterated',
] as const satisfies readonly (keyof GeneratorReport)[];

/** What no process has loaded, nobody has. */
function globsOf(
  reports: readonly Pick<ProcessReport, 'dependencies' | 'idleGlobs'>[],
): Pick<Report, 'dependencies' | 'idleGlobs'> {
  const dependencies = new Map<string, Dependency>();
  for (const each of reports.flatMap((report) => report.dependencies)) {
    const before = dependencies.get(each.name);
    if (before === undefined || each.files > before.files) dependencies.set(each.name, each);
  }
  const [first, ...others] = reports;
  const idleGlobs = first!.idleGlobs.filter((glob) =>
    others.every((report) => report.idleGlobs.includes(glob)),
  );
  return { dependencies: [...dependencies.values()], idleGlobs };
}

/** What is left out on purpose; it is of interest only where nothing else was watched. */
const LEFT_OUT: readonly Reason[] = ['excluded', 'dependency'];
/** They may do anything, or nothing; where they are all that was at work, the run watched nothing. */
const ELSEWHERE: readonly Reason[] = ['process', 'runtime'];

function unwatchedOf(
  reports: readonly Pick<ProcessReport, 'unwatched'>[],
  hasRows: boolean,
): Unwatched[] {
  const all = reports.flatMap(({ unwatched }) => unwatched);
  const unique = new Map(all.map((each) => [`${each.reason} ${each.what}`, each]));
  return [...unique.values()].filter(({ reason }) => !hasRows || !LEFT_OUT.includes(reason));
}

export interface Demands {
  /** Whether a run passes though no file was watched. */
  readonly passesWithoutFiles: boolean;
  /** The functions whose leaks are known, as `keyOf` names them. */
  readonly known?: ReadonlySet<string>;
}

/** Why a run that was to fail on leaks has to fail; empty if it may pass. */
export function failuresOf(report: Report, { passesWithoutFiles, known }: Demands): string[] {
  const { lost, watched, unwatched, generators } = report;
  const failures: string[] = [];
  const leaks = leaksOf(report, known);
  if (leaks > 0) failures.push(plural(leaks, known ? 'new leak' : 'leak'));
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

/** How many were left by functions that are not known to do so. */
export const leaksOf = (
  { generators }: Pick<Report, 'generators'>,
  known?: ReadonlySet<string>,
): number =>
  generators
    .filter((each) => !known?.has(keyOf(each)))
    .reduce((sum, { abandoned, open }) => sum + abandoned + open, 0);

/** Lines move; names and files seldom do. */
export const keyOf = ({ name, file = '' }: AsyncGenSite): string => `${file} ${name}`;

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

export function leftBySite(rows: readonly LeftRow[]): Map<string, LeftGenerators[]> {
  const bySite = new Map<string, LeftGenerators[]>();
  for (const { site, ...kind } of rows) {
    const key = JSON.stringify(site);
    const kinds = bySite.get(key);
    if (kinds === undefined) bySite.set(key, [kind]);
    else kinds.push(kind);
  }
  return bySite;
}

/** Those of several threads and processes that were left alike are of one kind. */
export function mergeKinds(kinds: readonly LeftGenerators[]): LeftGenerators[] {
  const merged = new Map<string, LeftGenerators>();
  for (const { count, longest, stuck, ...kind } of kinds) {
    const key = JSON.stringify(kind);
    const before: Partial<LeftGenerators> = merged.get(key) ?? {};
    const waits = [before.longest, longest].filter((each) => each !== undefined);
    merged.set(key, {
      ...kind,
      count: (before.count ?? 0) + count,
      ...(waits.length > 0 && { longest: Math.max(...waits) }),
      stuck: (before.stuck ?? 0) + stuck,
    });
  }
  return [...merged.values()].sort((a, b) => b.count - a.count);
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
    left: mergeKinds(left),
  };
}

/** Worst first. */
export const PROBLEMS = ['abandoned', 'open', 'failed', 'neverIterated'] as const;

export function byProblems(a: GeneratorReport, b: GeneratorReport): number {
  for (const problem of PROBLEMS) if (a[problem] !== b[problem]) return b[problem] - a[problem];
  return b.called - a.called;
}
