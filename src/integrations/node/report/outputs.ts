/** Where a report goes: to people, to files, to continuous integration. */
import { openSync, writeFileSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { printable, quote } from '../../../messages.js';
import { optionError, suggest } from '../../../options.js';
import { knownLeaks, readReport } from './baseline.js';
import { openPage } from './open-page.js';
import { formatPage } from './page.js';
import { formatReport } from './print.js';
import { failuresOf, type Report } from './report.js';
import { formatFor, REPORTERS, type ReporterName } from './reporters.js';

export interface OutputOptions {
  readonly json?: string;
  readonly html?: string;
  /** Whether a browser is to show the page. */
  readonly open?: boolean;
  /** That one is there while the program runs. */
  readonly live?: string;
  /** `kind` or `kind=file`. */
  readonly reporter?: readonly string[];
  /** A report whose leaks are known: the run fails for new ones. */
  readonly baseline?: string;
  /** Whether the report lists the functions without a problem, too. */
  readonly all?: boolean;
  readonly failOnLeak?: boolean;
  /** Whether `failOnLeak` is content with a run in which no file was watched. */
  readonly passWithNoFiles?: boolean;
}

interface File {
  /** As it was given. */
  readonly option: string;
  readonly fd: number;
  readonly format: (report: Report) => string;
}

/** Opened before the program runs: what cannot be written is told then. */
export class Outputs {
  readonly #files: File[] = [];
  readonly #printed: ReporterName[] = [];
  readonly #known: ReadonlySet<string> | undefined;
  /** The address of the page, wherever the program goes meanwhile. */
  readonly #page: string | undefined;

  /** @throws Error, code `ERR_ASYNCGEN_OPTION`, for a wrong option, or a file that cannot be used. */
  constructor(private readonly options: OutputOptions) {
    const { json, html, open, live, reporter = [], baseline } = options;
    if (open && (html ?? live) === undefined)
      throw optionError(
        'node: --open',
        'has no page to show. Name one: --html report.html, or --live.',
      );
    // First of all: the report of this run may take its place.
    if (baseline !== undefined) this.#known = knownLeaks(readReport('--baseline', baseline));
    if (json !== undefined)
      this.#add('--json', json, 'w', (report) => `${JSON.stringify(report, null, 2)}\n`);
    if (html !== undefined) {
      this.#add('--html', html, 'w', formatPage);
      this.#page = pathToFileURL(html).href;
    }
    for (const given of reporter) this.#addReporter(given);
  }

  /** Writes the files. @returns what could not be written. */
  write(report: Report): string[] {
    const lost: string[] = [];
    for (const { option, fd, format } of this.#files) {
      try {
        writeFileSync(fd, format(report));
      } catch (error) {
        lost.push(
          `${option} cannot be written whole (${quote(error)}). Make room, or name another file`,
        );
      }
    }
    if (this.options.open && this.#page !== undefined && lost.length === 0)
      openPage(this.#page, (text) => print(2, text));
    return lost;
  }

  /**
   * Prints the report for people.
   * @param fd of the stream.
   * @param isAsked whether somebody else has asked for the run to fail on leaks.
   * @returns whether the run has to fail.
   */
  print(report: Report, fd: number, isAsked = false): boolean {
    const { all, failOnLeak, passWithNoFiles } = this.options;
    const known = this.#known;
    const fails = failOnLeak || isAsked || known !== undefined;
    const passesWithoutFiles = Boolean(passWithNoFiles);
    const failures = fails ? failuresOf(report, { passesWithoutFiles, known }) : [];
    for (const name of this.#printed) print(fd, formatFor(name, report, known));
    print(fd, formatReport(report, { failures, known, showsAll: Boolean(all), ...terminal(fd) }));
    return failures.length > 0;
  }

  #addReporter(given: string): void {
    const [kind = '', ...rest] = given.split('=');
    const file = rest.join('=');
    if (!Object.hasOwn(REPORTERS, kind)) {
      const near = suggest(kind, Object.keys(REPORTERS), 'reporters');
      throw optionError('node:', `Unknown reporter "${printable(kind)}". ${near}`);
    }
    const name = kind as ReporterName;
    const format = (report: Report): string => formatFor(name, report, this.#known);
    const summary = process.env['GITHUB_STEP_SUMMARY'];
    if (file !== '') this.#add(`--reporter ${name}`, file, 'w', format);
    else if (name === 'github') this.#printed.push(name);
    else if (name === 'markdown' && summary) this.#add('GITHUB_STEP_SUMMARY', summary, 'a', format);
    else
      throw optionError(
        `node: --reporter ${name}`,
        `has no file. Name one: --reporter ${name}=<file>.`,
      );
  }

  #add(option: string, file: string, flag: 'w' | 'a', format: File['format']): void {
    this.#files.push({ option: `${option} ${file}`, fd: openOutput(option, file, flag), format });
  }
}

/** @throws Error, code `ERR_ASYNCGEN_OPTION`, if it cannot be written. */
export function openOutput(option: string, file: string, flag: 'w' | 'a' = 'w'): number {
  try {
    return openSync(file, flag);
  } catch (cause) {
    throw Object.assign(
      new Error(
        `asyncgen-hooks/node: Cannot write ${option} ${printable(file)} (${printable((cause as Error).message)}). Name a file in a folder that exists and can be written.`,
        { cause },
      ),
      { code: 'ERR_ASYNCGEN_OPTION' },
    );
  }
}

/** At once, whatever the program did to its streams. */
export function print(fd: number, lines: string): void {
  let text = Buffer.from(lines);
  while (text.length > 0) {
    try {
      text = text.subarray(writeSync(fd, text));
    } catch (error) {
      // A full pipe; whoever closed it does not want to read.
      if ((error as { code?: string }).code !== 'EAGAIN') return;
    }
  }
}

const streamOf = (fd: number): NodeJS.WriteStream => (fd === 1 ? process.stdout : process.stderr);

export const terminal = (fd: number): { width: number; hasColors: boolean } => ({
  width: columns(fd),
  hasColors: hasColors(fd),
});

/** Of the terminal, or as the shell has it; what is no number is 80. */
const columns = (fd: number): number => {
  const given = Number(process.env['COLUMNS'] ?? streamOf(fd).columns);
  return Number.isInteger(given) && given > 0 ? Math.max(40, given) : 80;
};

/** `NO_COLOR` has the last word; Node itself would let `FORCE_COLOR` win, and warn. */
function hasColors(fd: number): boolean {
  const { FORCE_COLOR, NO_COLOR } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return !['0', 'false'].includes(FORCE_COLOR);
  return streamOf(fd).isTTY && streamOf(fd).hasColors();
}
