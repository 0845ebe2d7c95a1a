import { writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { plural, printable, quote } from '../../../messages.js';
import { look, type Seen } from '../ps/look.js';
import { findTarget, type Target } from '../ps/target.js';
import type { GeneratorReport } from '../report/report.js';
import type { LeftRow } from '../watch/left.js';
import { wrap } from '../report/words.js';
import { invalid } from './arguments.js';
import { loadReport } from './report.js';

export interface PsOptions {
  readonly yes?: boolean;
  readonly json?: string;
}

/** What `ps --json` writes. */
export interface OpenReport {
  readonly version: 1;
  readonly pid: number;
  /** Its version of Node. */
  readonly node: string;
  /** Whether it runs under asyncgen-hooks, which knows where generators were first iterated, and for how long they wait. */
  readonly watched: boolean;
  /** The folder that the files are relative to. */
  readonly cwd: string;
  readonly threads: number;
  /** How many were not looked at, since there are too many. */
  readonly more: number;
  readonly generators: readonly (Pick<
    GeneratorReport,
    'name' | 'file' | 'line' | 'column' | 'open' | 'left'
  > &
    Partial<Pick<GeneratorReport, 'neverIterated'>>)[];
}

/**
 * Shows what is open in a process that runs.
 * @throws Error, code `ERR_ASYNCGEN_ARGUMENT` or `ERR_ASYNCGEN_PROCESS`, before or after nothing was done to it.
 */
export async function showProcess(given: string, { yes, json }: PsOptions): Promise<void> {
  const target = findTarget(pidOf(given));
  if (!yes && !(await mayGoOn(target))) return;
  const { formatOpen, openOf, print, terminal } = loadReport();
  const seen = await lookUntilSignal(target);
  if (seen === undefined) return;
  // V8 tells of them in any order, another one on each version of Node.
  const rows = seen.isWatched ? seen.rows : [...seen.rows].sort(byPlace);
  const generators = openOf(rows, seen.created);
  if (json !== undefined) write(json, reportOf(target, seen, generators));
  const { pid } = target;
  const notes = notesOf(seen);
  print(1, formatOpen(generators, { pid, cwd: seen.cwd, notes }, terminal(1)));
}

/** Who presses Ctrl-C must not leave the inspector open, which anybody could use. A second time ends this at once. */
async function lookUntilSignal(target: Target): Promise<Seen | undefined> {
  const stop = new AbortController();
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const forget = (): void => {
    for (const name of names) process.off(name, end);
  };
  const end = (name: NodeJS.Signals): void => {
    forget();
    process.exitCode = 128 + constants.signals[name];
    console.error(
      `asyncgen-hooks: Ended. What was opened of process ${target.pid} is being closed.`,
    );
    stop.abort();
  };
  for (const name of names) process.on(name, end);
  try {
    return await look(target, stop.signal);
  } finally {
    forget();
  }
}

const byPlace = ({ site: a }: LeftRow, { site: b }: LeftRow): number =>
  (a.file ?? '').localeCompare(b.file ?? '') || (a.line ?? 0) - (b.line ?? 0);

function pidOf(given: string): number {
  const pid = Number(given);
  if (/^\d+$/.test(given) && Number.isSafeInteger(pid) && pid > 0) return pid;
  throw invalid(`"${printable(given)}" is no process id. Pass a number.`);
}

async function mayGoOn({ pid, command, user }: Target): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw invalid(
      `ps cannot ask whether to look into process ${pid}: this is no terminal. Pass --yes.`,
    );
  const whose = user === undefined ? '' : `, of the user ${user}`;
  const text = [
    `Process ${pid} is "${printable(command)}"${whose}. To look into it, asyncgen-hooks sends it SIGUSR1, on which Node opens its inspector, and closes that again. Meanwhile any program of this machine can reach it, without a password.`,
    'The process collects garbage, stands still for a moment, and prints that a debugger is attached. If it listens for SIGUSR1 itself, it gets that signal in place of all this.',
  ];
  const { width } = loadReport().terminal(2);
  process.stderr.write(`${text.flatMap((each) => wrap(each, width, '')).join('\n')}\n`);
  return /^y(?:es)?$/i.test((await ask('Go on? [y/N] ')).trim());
}

/** Who presses Ctrl-C or Ctrl-D has answered nothing. */
function ask(question: string): Promise<string> {
  const asked = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    let given: string | undefined;
    asked.on('SIGINT', () => {
      process.exitCode = 128 + constants.signals.SIGINT;
      asked.close();
    });
    asked.on('close', () => {
      if (given === undefined) process.stderr.write('\n');
      resolve(given ?? '');
    });
    asked.question(question, (answer) => {
      given = answer;
      asked.close();
    });
  });
}

function notesOf({ isWatched, threads, more }: Seen): string[] {
  const notes: string[] = [];
  if (threads > 1) notes.push(`${threads} threads were looked into.`);
  if (more > 0)
    notes.push(
      `${plural(more, 'more generator')} of that process ${more === 1 ? 'was' : 'were'} not looked at.`,
    );
  if (!isWatched)
    notes.push(
      'the process is not watched: V8 tells no more. Started by asyncgen-hooks, it tells where each was first iterated, and how long it waits.',
    );
  return notes;
}

const reportOf = (
  { pid }: Target,
  { node, isWatched, cwd, threads, more }: Seen,
  generators: readonly GeneratorReport[],
): OpenReport => ({
  version: 1,
  pid,
  node,
  watched: isWatched,
  cwd,
  threads,
  more,
  generators: generators.map(({ name, file, line, column, open, neverIterated, left }) => ({
    name,
    ...(file !== undefined && { file, line, column }),
    open,
    ...(!isWatched && { neverIterated }),
    left,
  })) as OpenReport['generators'],
});

function write(file: string, report: OpenReport): void {
  try {
    writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    throw invalid(`Cannot write --json ${printable(file)} (${quote(error)}). Name another file.`);
  }
}
