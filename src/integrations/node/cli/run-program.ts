import { closeSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';
import module from 'node:module';
import { resolve } from 'node:path';
import { findBabel } from '../../compiler/babel.js';
import { makeReport, type Report } from '../watch/report.js';
import { Run } from '../watch/run.js';
import { formatReport } from '../watch/table.js';
import { Trace } from '../watch/trace.js';
import { watch } from '../watch/watch.js';
import { findProgram } from './find-program.js';

export interface RunOptions {
  readonly json?: string;
  readonly trace?: string;
  readonly shutdownTimeout: number;
  readonly failOnLeak?: boolean;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/**
 * Gets ready to run `program` in this process, so that its output, signals and exit code are its
 * own, and to report when it has ended.
 * @returns what runs it.
 * @throws Error, code `ERR_ASYNCGEN_ARGUMENT`, if there is no such program; `ERR_ASYNCGEN_PEER`
 *   if `@babel/core` is missing; `ERR_ASYNCGEN_OPTION` for options that are wrong.
 */
export function prepareProgram(
  program: string,
  args: readonly string[],
  given: RunOptions,
): () => void {
  process.argv.splice(1, Infinity, findProgram(program), ...args);
  // Inside a run that goes on, the first process reports.
  const findLoaders = Run.join() === undefined ? start(given) : undefined;
  const runMain = (): void => (module as unknown as { runMain(): void }).runMain();
  if (findLoaders === undefined || !hasImports()) return runMain;
  // Out of the promise: what the program throws is an exception, not a rejection.
  return () => void findLoaders().then(() => setImmediate(runMain));
}

/** Whether a loader may have been there before us: what `--require` loads is too early for none of our flags. */
const hasImports = (): boolean =>
  /(?:^|\s)(?:--import|--require|-r)\b/.test(
    [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' '),
  );

function start({
  json,
  trace: traceFile,
  shutdownTimeout,
  failOnLeak,
  include,
  exclude,
}: RunOptions): (() => Promise<void>) | undefined {
  const cwd = process.cwd();
  // Told here it is one line, told by the first module that needs it the program's failure.
  findBabel(cwd);
  const startedAt = Date.now();
  const options = { ...(include && { include }), ...(exclude && { exclude }) };
  const jsonFd = json === undefined ? undefined : open('--json', json);
  if (traceFile !== undefined) closeSync(open('--trace', traceFile));
  const trace = traceFile === undefined ? undefined : new Trace(traceFile, startedAt, '[\n');
  const isTraced = trace !== undefined;
  const run = Run.start({ cwd, options, shutdownTimeout, isTraced, startedAt });
  return watch(run, trace, (own) => {
    const { reports, missing, traces } = run.collect();
    const report = makeReport(cwd, [own, ...reports], missing);
    if (traceFile !== undefined) joinTraces(resolve(cwd, traceFile), traces);
    if (jsonFd !== undefined) writeFileSync(jsonFd, `${JSON.stringify(report, null, 2)}\n`);
    print(report);
    run.end();
    // It may be the string '0'.
    if (failOnLeak && report.leaks > 0) process.exitCode = Number(process.exitCode) || 1;
  });
}

function open(option: string, file: string): number {
  try {
    return openSync(file, 'w');
  } catch (cause) {
    throw Object.assign(
      new Error(
        `asyncgen-hooks/node: ${option} ${file}, it cannot be written (${(cause as Error).message}). Name a file in a folder that exists.`,
        { cause },
      ),
      { code: 'ERR_ASYNCGEN_OPTION' },
    );
  }
}

/** Appends what the other threads and processes wrote, and ends the list with an event that says nothing. */
function joinTraces(file: string, parts: readonly string[]): void {
  const out = openSync(file, 'a');
  const buffer = Buffer.alloc(1 << 16);
  for (const part of parts) {
    const fd = openSync(part, 'r');
    for (let read; (read = readSync(fd, buffer)) > 0;) writeSync(out, buffer, 0, read);
    closeSync(fd);
  }
  const last = { ph: 'M', pid: process.pid, tid: 0, ts: 0, name: 'process_sort_index' };
  writeSync(out, `${JSON.stringify({ ...last, args: { sort_index: 0 } })}\n]\n`);
  closeSync(out);
}

/** At once, whatever the program did to `process.stderr`. */
function print(report: Report): void {
  const hasColors = process.stderr.isTTY ? process.stderr.hasColors() : isForced();
  let text = Buffer.from(formatReport(report, hasColors));
  while (text.length > 0) {
    try {
      text = text.subarray(writeSync(2, text));
    } catch (error) {
      // A full pipe; whoever closed it does not want to read.
      if ((error as { code?: string }).code !== 'EAGAIN') return;
    }
  }
}

const isForced = (): boolean => {
  const { FORCE_COLOR, NO_COLOR } = process.env;
  return FORCE_COLOR !== undefined && FORCE_COLOR !== '0' && NO_COLOR === undefined;
};
