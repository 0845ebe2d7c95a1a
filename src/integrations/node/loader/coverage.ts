import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Kept, Names } from '../../../engine/index.js';
import type { Compiled } from '../../compiler/index.js';
import { readInputMap } from '../../compiler/maps.js';
import { whenEnding } from '../ending/last-word.js';

/**
 * V8 counts in the text that runs, and who reads its numbers (c8, the test runner of Node) counts all that was put in, or takes
 * its places for those of the source. So the files that Node writes into the folder of `NODE_V8_COVERAGE` are written
 * anew when the process ends: with the functions and ranges of the source, as if it had run as it is.
 *
 * What is needed for that stands in the source map of each compiled file, which Node puts into those files, whichever
 * thread has compiled it.
 */
const FIELD = 'x_asyncgen_hooks';

/** What a source map says to who restores coverage. */
interface Note extends Names {
  readonly kept: readonly Kept[];
  /** The map of the source itself, and what Node knows of its lines. */
  readonly before: { readonly data: object; readonly lineLengths: readonly number[] } | undefined;
}

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

interface CountedFunction {
  readonly functionName: string;
  readonly ranges: readonly Range[];
}

interface CachedMap {
  readonly data: ({ readonly [FIELD]?: Note } & object) | null;
}

interface Coverage {
  readonly result: { readonly url: string; functions: readonly CountedFunction[] }[];
  readonly 'source-map-cache'?: Record<string, CachedMap | undefined>;
}

const require = createRequire(import.meta.url);
const folder = (): string | undefined => process.env['NODE_V8_COVERAGE'] || undefined;

/** What to put into the map of a compiled file, where coverage is counted. */
export function coverageNote(
  code: string,
  file: string,
  { kept, renamed, tails, classEnds }: Compiled,
): { [FIELD]: Note } | undefined {
  if (folder() === undefined) return undefined;
  const data = readInputMap(code, file);
  const before = data && { data, lineLengths: code.split(LINE).map(({ length }) => length) };
  return { [FIELD]: { kept, renamed, tails, classEnds, before } };
}

const LINE = /\n|\u2028|\u2029/;

/** Where coverage is counted, has the numbers of all threads restored when the process ends. */
export function restoreCoverageAtEnd(): void {
  const { isMainThread } = require('node:worker_threads') as typeof import('node:worker_threads');
  const at = folder();
  if (at === undefined || !isMainThread) return;
  let isDone = false;
  let hasCrashed = false;
  process.on('uncaughtExceptionMonitor', () => void (hasCrashed = true));
  const finish = (): void => {
    if (isDone) return;
    isDone = true;
    // Node has yet to print the error of a crash.
    if (!restoreFiles(at) || hasCrashed) return;
    hideMaps();
    const { reallyExit } = process as unknown as { reallyExit(code: number): void };
    reallyExit.call(process, Number(process.exitCode ?? 0));
  };
  whenEnding(finish, (code) => code);
}

/**
 * Node would write its file later than anybody can read it. Here it does so now; what it writes at its end has only what runs from
 * now on, in which nothing of a compiled file is left. (`stopCoverage()` has it complain then.)
 *
 * @returns whether there was anything to restore.
 */
function restoreFiles(at: string): boolean {
  const { readdirSync, readFileSync, writeFileSync } =
    require('node:fs') as typeof import('node:fs');
  const { takeCoverage } = require('node:v8') as typeof import('node:v8');
  takeCoverage();
  let hasRestored = false;
  for (const name of readdirSync(at)) {
    if (!name.startsWith(`coverage-${process.pid}-`)) continue;
    const file = join(at, name);
    const text = readFileSync(file, 'utf8');
    if (!text.includes(FIELD)) continue;
    writeFileSync(file, restoreCoverage(text));
    hasRestored = true;
  }
  return hasRestored;
}

/**
 * In its last file Node writes all source maps once more, those of files that have no counts there, too; c8 puts the maps of all files
 * together, and would take those for what was restored. Nothing of the program runs any more; and the process has to end by `reallyExit`,
 * since where it ends by itself, Node calls no function any more, and complains.
 */
function hideMaps(): void {
  const value = function (this: object): object | undefined {
    return Object.hasOwn(Object(this) as object, FIELD) ? undefined : this;
  };
  Reflect.defineProperty(Object.prototype, 'toJSON', { configurable: true, value });
}

/** @returns the text of a file of V8's coverage, with the numbers that it would have without us. */
export function restoreCoverage(text: string): string {
  const coverage = JSON.parse(text) as Coverage;
  const maps = coverage['source-map-cache'] ?? {};
  for (const script of coverage.result) {
    const note = maps[script.url]?.data?.[FIELD];
    if (note === undefined) continue;
    script.functions = script.functions.flatMap((counted) => restoreFunction(counted, note));
    maps[script.url] = note.before;
  }
  return JSON.stringify(coverage);
}

function restoreFunction(counted: CountedFunction, note: Note): CountedFunction[] {
  const [whole, ...parts] = counted.ranges.map((range) => restoreRange(range, note));
  const name = counted.functionName;
  const functionName = Object.hasOwn(note.renamed, name) ? note.renamed[name]! : name;
  // It was put in.
  if (whole === undefined || functionName === null) return [];
  // V8 12 has it begin with the class.
  if (name === '<static_initializer>' && note.classEnds.includes(whole.endOffset)) return [];
  const ranges = [whole, ...parts.filter((range) => range !== undefined)];
  return [{ ...counted, functionName, ranges }];
}

/** @returns `undefined` for a range of which nothing stands in the source. */
function restoreRange(range: Range, { kept, tails }: Note): Range | undefined {
  const startOffset = startIn(kept, range.startOffset);
  const endOffset = endIn(kept, range.endOffset);
  if (startOffset >= endOffset) return undefined;
  // V8 counts nothing behind the last statement of a function; here a call of ours comes behind that.
  if (tails.some(([end, close]) => startOffset >= end && endOffset <= close)) return undefined;
  return { startOffset, endOffset, count: range.count };
}

/** The first place of the source that is kept at `offset` or behind it. */
function startIn(kept: readonly Kept[], offset: number): number {
  const part = kept[firstOf(kept, ([at, , length]) => at + length > offset)];
  return part === undefined ? Infinity : part[1] + Math.max(0, offset - part[0]);
}

/** Behind the last place of the source that is kept before `offset`. */
function endIn(kept: readonly Kept[], offset: number): number {
  const part = kept[firstOf(kept, ([at]) => at >= offset) - 1];
  return part === undefined ? 0 : part[1] + Math.min(part[2], offset - part[0]);
}

/** Where the first part is that passes, if all behind it do. */
function firstOf(kept: readonly Kept[], passes: (part: Kept) => boolean): number {
  let [low, high] = [0, kept.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(kept[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
