import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import module from 'node:module';
import { resolve } from 'node:path';
import { printable, quote, show } from '../../../messages.js';
import { optionError } from '../../../options.js';
import type { OutputOptions } from '../report/outputs.js';
import type { Report } from '../report/report.js';
import { loadReport } from './report.js';
import type { ProcessReport } from '../watch/process-report.js';
import { isPort, isSignal, NOTHING, Run } from '../watch/run.js';
import { Trace } from '../watch/trace.js';
import { watch } from '../watch/watch.js';
import { fileOptions, invalid, type FileArguments } from './arguments.js';
import { findProgram } from './find-program.js';
import { isLauncher, runChild } from './run-child.js';

export interface RunOptions extends OutputOptions, FileArguments {
  readonly trace?: string;
  readonly shutdownTimeout: number;
  /** Has the program print what is open in it. */
  readonly signal?: string;
  /** A port. */
  readonly live?: string;
}

/**
 * Gets ready to run `program` in this process, so that its output, signals and exit code are its
 * own, and to report when it has ended.
 * @returns what runs it.
 * @throws Error, code `ERR_ASYNCGEN_ARGUMENT`, if there is no such program;
 *   `ERR_ASYNCGEN_OPTION` for options that are wrong.
 */
export function prepareProgram(
  program: string,
  args: readonly string[],
  given: RunOptions,
): () => void {
  if (isLauncher(program)) {
    begin(given, true);
    return () => runChild(program, args);
  }
  const file = findProgram(program);
  const mayHaveLoaders = hasImports();
  if (!mayHaveLoaders) checkTypes(file);
  process.argv.splice(1, Infinity, file, ...args);
  const findLoaders = begin(given);
  const runMain = (): void => (module as unknown as { runMain(): void }).runMain();
  if (findLoaders === undefined || !mayHaveLoaders) return runMain;
  // Out of the promise: what the program throws is an exception, not a rejection.
  return () => void findLoaders().then(() => setImmediate(runMain));
}

/** Whether a loader may have been there before us: what `--require` loads is too early for none of our flags. */
const hasImports = (): boolean =>
  /(?:^|\s)(?:--import|--require|-r)\b/.test(
    [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' '),
  );

/** Told here it is one line, told by Node a stack that says nothing of what to do. */
function checkTypes(file: string): void {
  const { features, versions } = process as { features: object; versions: { node: string } };
  if (!/\.[cm]?ts$/.test(file) || (features as { typescript?: unknown }).typescript) return;
  throw invalid(
    `Node ${versions.node} does not run TypeScript, and so not ${printable(file)}. ` +
      'Add tsx (npm install --save-dev tsx; npx asyncgen-hooks tsx …), or use Node 22.18 or newer.',
  );
}

/** Inside a run that goes on, the first process reports. */
function begin(given: RunOptions, isLauncher = false): (() => Promise<void>) | undefined {
  const run = Run.join();
  if (run === undefined) return start(given, isLauncher);
  if (given.failOnLeak) run.failOnLeak();
  return undefined;
}

/**
 * Watches this process, the first one of a run.
 * @param isLauncher whether the program is a child of it.
 * @returns what `install` returns.
 */
function start(given: RunOptions, isLauncher: boolean): (() => Promise<void>) | undefined {
  const { trace: traceFile, shutdownTimeout, signal } = given;
  if (signal !== undefined && !isSignal(signal))
    throw optionError(
      'node:',
      `--signal ${show(signal)} is no signal to listen for. Name one such as SIGUSR2.`,
    );
  const cwd = process.cwd();
  const startedAt = Date.now();
  const { json, html, open, reporter, baseline } = given;
  // Where there are files, what cannot be written is told before the program runs.
  const hasFiles = [json, html, open, reporter, baseline].some((option) => option !== undefined);
  const opened = hasFiles ? new (loadReport().Outputs)(given) : undefined;
  if (traceFile !== undefined) closeSync(loadReport().openOutput('--trace', traceFile));
  const trace = traceFile === undefined ? undefined : new Trace(traceFile, startedAt, '[\n');
  const isTraced = trace !== undefined;
  const options = fileOptions(given);
  const live = portOf(given.live);
  const hasLanes = [json, html, live].some((option) => option !== undefined);
  const settings = { cwd, options, shutdownTimeout, isTraced, hasLanes, signal, live, startedAt };
  const run = Run.start(settings);
  const atEnd = (own: ProcessReport): boolean => {
    const lost: string[] = [];
    /** What fails must not take the rest of the report with it, which says what is missing. */
    const attempt = <T>(work: () => T, tell: (reason: string) => string): T | undefined => {
      try {
        return work();
      } catch (error) {
        lost.push(tell(quote(error)));
        return undefined;
      }
    };
    const { reports, missing, traces, failsOnLeak } =
      attempt(
        () => run.collect(),
        (reason) => `the reports of other processes (${reason})`,
      ) ?? NOTHING;
    if (run.folder === undefined && own.unwatched.some(({ reason }) => reason === 'process'))
      lost.push('what child processes did, as there is no place for temporary files');

    const lostBefore = lost.length;
    if (traceFile !== undefined)
      attempt(
        () => joinTraces(resolve(cwd, traceFile), traces),
        (reason) =>
          `--trace ${traceFile} cannot be written whole (${reason}). Make room, or name another file`,
      );
    const { makeReport, Outputs } = loadReport();
    const outputs = opened ?? new Outputs(given);
    const report = (): Report => makeReport({ cwd, startedAt }, [own, ...reports], missing, lost);
    lost.push(...outputs.write(report()));
    const isWritten = lost.length === lostBefore;
    const mustFail = outputs.print(report(), 2, failsOnLeak);
    run.end();
    return mustFail || !isWritten;
  };
  const page = live === undefined || isLauncher ? undefined : { opens: Boolean(open) };
  return watch(run, trace, atEnd, page, isLauncher);
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined || isPort(Number(text))) return text === undefined ? text : Number(text);
  throw invalid(`option "--live" is "${printable(text)}". Pass a port, or nothing.`);
}

/** Appends what the other threads and processes wrote, and ends the list with an event that says nothing. */
function joinTraces(file: string, parts: readonly string[]): void {
  const out = openSync(file, 'a');
  try {
    const buffer = Buffer.alloc(1 << 16);
    for (const part of parts) {
      const fd = openSync(part, 'r');
      for (let read; (read = readSync(fd, buffer)) > 0;)
        writeFileSync(out, buffer.subarray(0, read));
      closeSync(fd);
    }
    const last = { ph: 'M', pid: process.pid, tid: 0, ts: 0, name: 'process_sort_index' };
    writeFileSync(out, `${JSON.stringify({ ...last, args: { sort_index: 0 } })}\n]\n`);
  } finally {
    closeSync(out);
  }
}
