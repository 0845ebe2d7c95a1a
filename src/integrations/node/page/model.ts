/** What the page shows, made of what the report holds. */
import { printable } from '../../../messages.js';
import type { ReportLane } from '../report/lanes.js';
import type { PageData } from '../report/page.js';
import type { GeneratorReport } from '../report/report.js';
import { sayBeginning, sayPlace } from '../report/words.js';

/** One generator. Times are milliseconds since the run began. */
export interface Row {
  readonly key: string;
  /** In its thread. */
  readonly id: number;
  /** 0: the main thread. */
  readonly thread: number;
  readonly name: string;
  readonly place: string;
  readonly site: { readonly file?: string; readonly line?: number };
  readonly parked: { readonly file: string; readonly line: number } | undefined;
  readonly begun:
    { readonly file: string; readonly line: number; readonly text: string } | undefined;
  readonly from: number;
  /** `Infinity` while it is open. */
  readonly to: number;
  readonly how: ReportLane['how'];
  readonly items: number;
  /** Begin, end, wait, items, kind; five numbers each. */
  readonly steps: Float64Array;
  /** In all: how long somebody waited for a step. */
  readonly waited: number;
  /** Of a live page: since when a step is pending. */
  readonly pendingSince: number | undefined;
  readonly isClosing: boolean;
  /** What a search looks through. */
  readonly text: string;
}

export const STEP_WIDTH = 5;
/** As in the recorder. */
export const PENDING = 3;
export const CLOSING = 4;

export const isProblem = ({ how }: Pick<Row, 'how'>): boolean =>
  how === 'abandoned' || how === 'still open' || how === 'failed';

/** Problems first, then what goes on. */
export const rankOf = (row: Pick<Row, 'how'>): number =>
  isProblem(row) ? 0 : row.how === 'open' ? 1 : 2;

type Lists = Pick<PageData['lanes'], 'sites' | 'beginnings'>;
type Thread = Omit<PageData['lanes']['threads'][number], 'lanes'>;

export const keyOf = ({ pid, thread }: Pick<Thread, 'pid' | 'thread'>, id: number): string =>
  `${pid}.${thread}.${id}`;

export function rowOf(lane: ReportLane, thread: Thread, { sites, beginnings }: Lists): Row {
  const site = sites[lane.site]!;
  const given = lane.begun === undefined ? undefined : beginnings[lane.begun];
  const begun = given && { file: given.file, line: given.line, text: sayBeginning(given) };
  const name = printable(site.name) || '(anonymous)';
  const place = sayPlace(site);
  const steps = stepsOf(lane);
  let waited = 0;
  for (let at = 0; at < steps.length; at += STEP_WIDTH) waited += steps[at + 2]!;
  return {
    key: keyOf(thread, lane.id),
    id: lane.id,
    thread: thread.thread,
    name,
    place,
    site,
    parked: lane.parked,
    begun,
    from: lane.from / 1000,
    to: lane.to === undefined ? Infinity : lane.to / 1000,
    how: lane.how,
    items: lane.items,
    steps,
    waited,
    pendingSince: undefined,
    isClosing: false,
    text: `${name} ${place} ${lane.how} ${begun?.text ?? ''}`.toLowerCase(),
  };
}

function stepsOf({ from, steps }: ReportLane): Float64Array {
  if (steps === '') return new Float64Array(0);
  const numbers = Float64Array.from(steps.split(','), Number);
  let last = from;
  for (let at = 0; at < numbers.length; at += STEP_WIDTH) {
    const begin = last + numbers[at]!;
    last = begin + numbers[at + 1]!;
    numbers[at] = begin / 1000;
    numbers[at + 1] = last / 1000;
    numbers[at + 2]! /= 1000;
  }
  return numbers;
}

/** The same process may be there twice, of two runs. */
export const rowsOf = ({ lanes }: PageData): Row[] =>
  lanes.threads.flatMap((thread, at) =>
    thread.lanes.map((lane) => {
      const row = rowOf(lane, thread, lanes);
      return at === 0 ? row : { ...row, key: `${row.key}.${at}` };
    }),
  );

/** One generator function. */
export interface FunctionRow extends GeneratorReport {
  readonly key: string;
  readonly shownName: string;
  readonly place: string;
  readonly text: string;
}

export const functionsOf = (generators: readonly GeneratorReport[]): FunctionRow[] =>
  generators.map((each) => {
    const shownName = printable(each.name) || '(anonymous)';
    const place = sayPlace(each);
    const key = `${each.name}\0${each.file}\0${each.line}\0${each.column}`;
    return { ...each, key, shownName, place, text: `${shownName} ${place}`.toLowerCase() };
  });

/** The span of time that all rows are in. @param now what the open ones last until. */
export function spanOf(rows: readonly Row[], now: number): [from: number, to: number] {
  let [from, to] = [Infinity, -Infinity];
  for (const row of rows) {
    from = Math.min(from, row.from);
    to = Math.max(to, Number.isFinite(row.to) ? row.to : now);
  }
  if (from === Infinity) return [0, Math.max(1, now === -Infinity ? 1 : now)];
  return [from, Math.max(to, from + 1)];
}

/** How many generators were open, and how many items came, in each of `count` parts of a span. */
export function overviewOf(
  rows: readonly Row[],
  [from, to]: readonly [number, number],
  count: number,
): { times: number[]; open: number[]; rates: number[] } {
  const width = (to - from) / count;
  const partOf = (time: number): number =>
    Math.min(count - 1, Math.max(0, Math.floor((time - from) / width)));
  const changes = new Float64Array(count + 1);
  const items = new Float64Array(count);
  for (const { from: begin, to: end, steps } of rows) {
    changes[partOf(begin)]!++;
    if (Number.isFinite(end)) changes[partOf(end) + 1]!--;
    for (let at = 0; at < steps.length; at += STEP_WIDTH)
      items[partOf(steps[at + 1]!)]! += steps[at + 3]!;
  }
  let sum = 0;
  const open = Array.from(items, (_, i) => (sum += changes[i]!));
  return {
    times: open.map((_, i) => (from + (i + 0.5) * width) / 1000),
    open,
    rates: Array.from(items, (many) => (many / width) * 1000),
  };
}

/** What the page shows at a moment. */
export interface State {
  readonly data: PageData;
  readonly rows: readonly Row[];
  /** What open generators last until, in milliseconds since the run began. */
  readonly now: number;
}

export function stateOf(data: PageData): State {
  const rows = rowsOf(data);
  let now = 0;
  for (const { from, to, steps } of rows) {
    now = Math.max(now, from, Number.isFinite(to) ? to : 0, steps.at(-4) ?? 0);
  }
  return { data, rows, now };
}
