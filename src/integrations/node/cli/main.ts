#!/usr/bin/env node
/** The command `asyncgen-hooks`. */
import { Command, InvalidArgumentError } from 'commander';
import type { CompileOptions } from './compile.js';
import { runProgram, type RunOptions } from './run-program.js';

declare const VERSION: string;

const collect = (glob: string, before: string[] = []): string[] => [...before, glob];

function milliseconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0))
    throw new InvalidArgumentError('Pass a number, 0 or more.');
  return value;
}

const command = new Command('asyncgen-hooks')
  .description(
    'Runs a program with every async generator watched, and tells at the end which were left unfinished.',
  )
  .usage('[options] <program> [arguments...]')
  .version(VERSION, '-v, --version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  .argument('<program>', 'the file to run, as for node, or a command of node_modules/.bin')
  .argument('[arguments...]', 'handed to the program as they are')
  .option('--json <file>', 'write the report as JSON')
  .option('--trace <file>', 'write all steps as Trace Event JSON, for ui.perfetto.dev')
  .option(
    '--shutdown-timeout <ms>',
    'how long each open generator may take to close at the end; 0 closes none',
    milliseconds,
    5000,
  )
  .option('--fail-on-leak', 'exit with 1 if a generator was abandoned or is still open')
  .option('--include <glob>', 'compile only these files (may be repeated)', collect)
  .option('--exclude <glob>', 'leave these files alone (may be repeated)', collect)
  .enablePositionalOptions()
  .passThroughOptions()
  .showHelpAfterError('(asyncgen-hooks --help tells more)')
  .addHelpText(
    'after',
    `
The report goes to stderr; the output, the signals and the exit code are the program's.
Worker threads and child processes that run Node are watched, too.

Examples:
  asyncgen-hooks app.js --port 8080
  asyncgen-hooks --json report.json --fail-on-leak mocha
  asyncgen-hooks --include "src/**" app.ts`,
  )
  .action((program: string, args: string[], options: RunOptions) =>
    runProgram(program, args, options),
  );

command
  .command('compile')
  .description('compiles a tree of files')
  .usage('[options] <files...>')
  .helpOption('-h, --help', 'print this help')
  .argument('<files...>', 'files, folders or globs')
  .requiredOption(
    '-d, --out-dir <folder>',
    'where the compiled files go; all others are copied there',
  )
  .option('--include <glob>', 'compile only these files (may be repeated)', collect)
  .option('--exclude <glob>', 'leave these files alone (may be repeated)', collect)
  .action(async (files: string[], options: CompileOptions) => {
    const { compileTree } = await import('./compile.js');
    await compileTree(files, options);
  });

command.parseAsync().catch((error: unknown) => {
  const isOurs = /^ERR_ASYNCGEN_/.test(String((error as { code?: unknown })?.code));
  console.error(isOurs ? (error as Error).message : error);
  process.exitCode = 1;
});
