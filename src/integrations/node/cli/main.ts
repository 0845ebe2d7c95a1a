#!/usr/bin/env node
/** The command `asyncgen-hooks`. */
import { printable } from '../../../messages.js';
import { formatHelp, invalid, readArguments, type Option, type Usage } from './arguments.js';
import type { CompileOptions } from './compile.js';
import { prepareProgram, type RunOptions } from './run-program.js';

declare const VERSION: string;

const FILTERS = {
  include: {
    type: 'string',
    multiple: true,
    value: 'glob',
    text: 'compile only these files (may be repeated)',
  },
  exclude: {
    type: 'string',
    multiple: true,
    value: 'glob',
    text: 'leave these files alone (may be repeated)',
  },
} satisfies Record<string, Option>;
const DEPS = {
  deps: {
    type: 'string',
    multiple: true,
    value: 'names',
    text: 'compile these dependencies as well: mongodb,openai (may be repeated)',
  },
} satisfies Record<string, Option>;
const OUTPUTS = {
  json: { type: 'string', value: 'file', text: 'write the report as JSON' },
  reporter: {
    type: 'string',
    multiple: true,
    value: 'kind[=file]',
    text: 'write it for other tools, too: github, junit, markdown, sarif (may be repeated)',
  },
  all: { type: 'boolean', text: 'list the functions without a problem, too' },
  'fail-on-leak': {
    type: 'boolean',
    text: 'exit with 1 if a generator was abandoned or is still open, or may be where nobody saw it',
  },
  baseline: {
    type: 'string',
    value: 'file',
    text: 'the same, but for the leaks of a report that --json has written',
  },
  'pass-with-no-files': {
    type: 'boolean',
    text: 'with --fail-on-leak: do not fail because no file was watched',
  },
} satisfies Record<string, Option>;
const HELP = { type: 'boolean', short: 'h', text: 'print this help' } satisfies Option;
const SHUTDOWN_TIMEOUT = 5000;

const RUN: Usage = {
  synopsis: `[options] <program> [arguments...]
       asyncgen-hooks compile [options] <files...>
       asyncgen-hooks report [options] <files...>
       asyncgen-hooks explain [options] <files...>`,
  text:
    'Runs a program with every async generator watched, and tells at the end which were left unfinished. ' +
    'The program is a file, as for node, a command of node_modules/.bin, or node, npm, npx, pnpm or yarn; ' +
    'its arguments are handed to it as they are. "compile" compiles a tree of files, "report" prints what ' +
    '--json has written, "explain" says whether a file is compiled, and if not, why ("asyncgen-hooks ' +
    'compile --help" tells more, and so on).',
  options: {
    ...OUTPUTS,
    trace: {
      type: 'string',
      value: 'file',
      text: 'write all steps as Trace Event JSON, for ui.perfetto.dev',
    },
    signal: {
      type: 'string',
      value: 'name',
      text: 'print what is open now whenever this signal comes: SIGUSR2',
    },
    'shutdown-timeout': {
      type: 'string',
      value: 'ms',
      text: `how long each open generator may take to close at the end; 0 closes none (default ${SHUTDOWN_TIMEOUT})`,
    },
    ...FILTERS,
    ...DEPS,
    version: { type: 'boolean', short: 'v', text: 'print the version' },
    help: HELP,
  },
  after: [
    "The report goes to stderr; the output, the signals and the exit code are the program's.",
    'Worker threads and child processes that run Node are watched, too.',
    '',
    'Examples:',
    '  asyncgen-hooks app.js --port 8080',
    '  asyncgen-hooks --json report.json --fail-on-leak mocha',
    '  asyncgen-hooks --include "src/**" app.ts',
    '  asyncgen-hooks npm test',
  ],
};

const COMPILE: Usage = {
  synopsis: 'compile [options] --out-dir <folder> <files...>',
  text: 'Compiles files, folders or globs.',
  options: {
    'out-dir': {
      type: 'string',
      short: 'd',
      value: 'folder',
      text: 'where the compiled files go; all others are copied there',
    },
    ...FILTERS,
    help: HELP,
  },
};

const REPORT: Usage = {
  synopsis: 'report [options] <files...>',
  text: 'Prints the report of what --json has written, of one run or of several together.',
  options: { ...OUTPUTS, help: HELP },
};

const EXPLAIN: Usage = {
  synopsis: 'explain [options] <files...>',
  text: 'Says of each file whether it is compiled in a run with these options, and if not, why.',
  options: { ...FILTERS, ...DEPS, help: HELP },
};

/** @returns what starts the program, if there is one to start. */
function run(args: string[]): (() => void) | undefined {
  const { values, positionals } = readArguments(args, RUN, true);
  if (values['help'] || values['version']) {
    process.stdout.write(values['help'] ? formatHelp(RUN) : `${VERSION}\n`);
    return undefined;
  }
  const [program, ...rest] = positionals;
  if (program === undefined) throw invalid('arguments, there is no program. Name the file to run.');
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
  if (values['help']) return void process.stdout.write(formatHelp(REPORT));
  if (positionals.length === 0)
    throw invalid('arguments, there are no files. Name what --json has written.');
  const { showReports } = await import('./report.js');
  if (showReports(positionals, record(outputsOf(values)))) process.exitCode = 1;
}

async function explainFiles(args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args, EXPLAIN, false);
  if (values['help']) return void process.stdout.write(formatHelp(EXPLAIN));
  if (positionals.length === 0)
    throw invalid('arguments, there are no files. Name those to explain.');
  const { explain } = await import('./explain.js');
  for (const file of positionals) process.stdout.write(explain(file, record(values)));
}

/** What is not given is not to be read from `Object.prototype`. */
const record = (given: object): object => Object.assign(Object.create(null) as object, given);

async function compile(args: string[]): Promise<void> {
  const { values, positionals } = readArguments(args, COMPILE, false);
  if (values['help']) return void process.stdout.write(formatHelp(COMPILE));
  const { 'out-dir': outDir, ...filters } = values;
  if (outDir === undefined) {
    throw invalid('arguments, there is no --out-dir. Name the folder that the files go to.');
  }
  if (positionals.length === 0) {
    throw invalid('arguments, there are no files. Name files, folders or globs.');
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
  throw invalid(
    `option "--shutdown-timeout", it is "${printable(text!)}". Pass a number, 0 or more.`,
  );
}

function fail(error: unknown): void {
  const isOurs = /^ERR_ASYNCGEN_/.test(String((error as { code?: unknown })?.code));
  console.error(isOurs ? (error as Error).message : error);
  process.exitCode = 1;
}

function main(args: string[]): void {
  if (args[0] === 'compile') return void compile(args.slice(1)).catch(fail);
  if (args[0] === 'report') return void report(args.slice(1)).catch(fail);
  if (args[0] === 'explain') return void explainFiles(args.slice(1)).catch(fail);
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
