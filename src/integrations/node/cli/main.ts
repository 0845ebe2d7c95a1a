#!/usr/bin/env node
/** The command `asyncgen-hooks`. */
import { pageOf, printable } from '../../../messages.js';
import { whyNoCommand } from '../loader/other-runtime.js';
import { formatHelp, invalid, readArguments } from './arguments.js';
import type { CompileOptions } from './compile.js';
import { showReports } from './report.js';
import { prepareProgram, type RunOptions } from './run-program.js';
import { COMPILE, EXPLAIN, PS, REPORT, RUN, SHUTDOWN_TIMEOUT } from './usages.js';

declare const VERSION: string;

/** On stdout. Whoever has closed the pipe does not want to read on. */
function say(text: string): void {
  if (process.stdout.listenerCount('error') === 0) process.stdout.on('error', () => {});
  process.stdout.write(text);
}

/** @returns what starts the program, if there is one to start. */
function run(args: string[]): (() => void) | undefined {
  const { values, positionals } = readArguments(args, RUN, true);
  if (values['help'] || values['version']) {
    say(values['help'] ? formatHelp(RUN) : `${VERSION}\n`);
    return undefined;
  }
  if (whyNoCommand !== undefined)
    throw Object.assign(new Error(`asyncgen-hooks: ${whyNoCommand}.`), {
      code: 'ERR_ASYNCGEN_RUNTIME',
    });
  const [program, ...rest] = positionals;
  if (program === undefined) throw invalid('No program given. Name the file to run.');
  const { 'shutdown-timeout': shutdownTimeout, ...others } = values as Partial<
    Record<string, string>
  >;
  const timeout = milliseconds(shutdownTimeout);
  const options = record({ ...outputsOf(others), shutdownTimeout: timeout });
  return prepareProgram(program, rest, options as unknown as RunOptions);
}

const outputsOf = ({
  'fail-on-leak': failOnLeak,
  'pass-with-no-files': passWithNoFiles,
  ...others
}: Partial<Record<string, unknown>>): object => ({ ...others, failOnLeak, passWithNoFiles });

async function report(args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args, REPORT, false);
  if (values['help']) return say(formatHelp(REPORT));
  if (positionals.length === 0) throw invalid('No files given. Name what --json has written.');
  if (showReports(positionals, record(outputsOf(values)))) process.exitCode = 1;
}

async function explainFiles(args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args, EXPLAIN, false);
  if (values['help']) return say(formatHelp(EXPLAIN));
  if (positionals.length === 0) throw invalid('No files given. Name those to explain.');
  const { explain } = await import('./explain.js');
  for (const file of positionals) say(explain(file, record(values)));
}

async function ps(args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args, PS, false);
  if (values['help']) return say(formatHelp(PS));
  const [pid, ...more] = positionals;
  if (pid === undefined || more.length > 0)
    throw invalid('ps takes one process. Name its id: asyncgen-hooks ps 4711.');
  const { showProcess } = await import('./ps.js');
  await showProcess(pid, record(values));
}

/** What is not given is not to be read from `Object.prototype`. */
const record = (given: object): object => Object.assign(Object.create(null) as object, given);

async function compile(args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args, COMPILE, false);
  if (values['help']) return say(formatHelp(COMPILE));
  const { 'out-dir': outDir, ...filters } = values;
  if (outDir === undefined) {
    throw invalid('No --out-dir given. Name the folder that the files go to.');
  }
  if (positionals.length === 0) {
    throw invalid('No files given. Name files, folders or globs.');
  }
  const { compileTree } = await import('./compile.js');
  const unreadable = await compileTree(
    positionals,
    record({ ...filters, outDir }) as unknown as CompileOptions,
  );
  for (const message of unreadable) console.error(message);
  if (unreadable.length > 0) process.exitCode = 1;
}

function milliseconds(text: string | undefined): number {
  const value = text === undefined ? SHUTDOWN_TIMEOUT : Number(text);
  // The settings go to other processes as JSON, which has no Infinity.
  if (text?.trim() !== '' && value >= 0) return Math.min(value, Number.MAX_VALUE);
  throw invalid(`option "--shutdown-timeout" is "${printable(text!)}". Pass a number, 0 or more.`);
}

const whereToRead = (code: string): string =>
  code === 'ERR_ASYNCGEN_ARGUMENT' ? '(asyncgen-hooks --help tells more)' : pageOf(code);

function fail(given: unknown): void {
  const isLost = (given as { syscall?: unknown })?.syscall === 'uv_cwd';
  const error = isLost
    ? invalid('the working folder is not there any more. Change to another one.')
    : given;
  const code = String((error as { code?: unknown })?.code);
  const isOurs = code.startsWith('ERR_ASYNCGEN_');
  console.error(isOurs ? `${(error as Error).message}\n${whereToRead(code)}` : error);
  process.exitCode = 1;
}

function main(args: string[]): void {
  if (args[0] === 'compile') return void compile(args.slice(1)).catch(fail);
  if (args[0] === 'report') return void report(args.slice(1)).catch(fail);
  if (args[0] === 'explain') return void explainFiles(args.slice(1)).catch(fail);
  if (args[0] === 'ps') return void ps(args.slice(1)).catch(fail);
  let runMain: (() => void) | undefined;
  try {
    runMain = run(args);
  } catch (error) {
    return fail(error);
  }
  // What the program throws is not ours to catch.
  runMain?.();
}

main(process.argv.slice(2));
