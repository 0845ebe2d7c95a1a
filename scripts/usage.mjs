import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

/** Something in what a command was called with: subject, fact, remedy. */
export class UsageError extends Error {}

const HELP = { type: 'boolean', default: false };
const JOBS = { type: 'string', default: String(availableParallelism()) };

/** Reads the arguments of a command that has `--help` beside its own `options`. */
export function readArguments(options, allowPositionals = false) {
  try {
    return parseArgs({ allowPositionals, options: { ...options, help: HELP } });
  } catch (error) {
    throw new UsageError(`arguments, ${error.message.split('. ')[0]}. See --help.`);
  }
}

/** The same for a command that has `--jobs`, too, and takes more than options. */
export function readUsage(options) {
  const { positionals, values } = readArguments({ ...options, jobs: JOBS }, true);
  return { positionals, values: { ...values, jobs: readCount('--jobs', values.jobs, 1) } };
}

/** An integer of `least` or more. */
export function readCount(option, text, least) {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= least) return count;
  throw new UsageError(`${option} "${text}", it is no such number. Give ${least} or more.`);
}

/** Runs a command; it ends with 2 where it was called wrongly. */
export function runCommand(name, main) {
  main().catch((error) => {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${name}: ${error.message}`);
    process.exitCode = 2;
  });
}
