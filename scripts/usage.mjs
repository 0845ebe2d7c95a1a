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
