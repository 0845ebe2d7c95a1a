import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

/** Something in what a command was called with: subject, fact, remedy. */
export class UsageError extends Error {}

const SHARED = {
  jobs: { type: 'string', default: String(availableParallelism()) },
  help: { type: 'boolean', default: false },
};

/** Reads the arguments of a command that has `--jobs` and `--help` beside its own `options`. */
export function readUsage(options) {
  let parsed;
  try {
    parsed = parseArgs({ allowPositionals: true, options: { ...options, ...SHARED } });
  } catch (error) {
    throw new UsageError(`arguments, ${error.message.split('. ')[0]}. See --help.`);
  }
  const { positionals, values } = parsed;
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw new UsageError(`--jobs "${values.jobs}", it is no number of threads. Give 1 or more.`);
  }
  return { positionals, values: { ...values, jobs } };
}

/** Runs a command; it ends with 2 where it was called wrongly. */
export function runCommand(name, main) {
  main().catch((error) => {
    if (!(error instanceof UsageError)) throw error;
    console.error(`conformance/${name}: ${error.message}`);
    process.exitCode = 2;
  });
}
