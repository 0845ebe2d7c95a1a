import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getEnvironmentData, setEnvironmentData, threadId } from 'node:worker_threads';
import { warn } from '../../../messages.js';
import type { ProcessReport } from './report.js';

/** What all processes and threads of one run are told. */
export interface RunSettings {
  /** The folder that sites and globs are relative to: the one that the run was started in. */
  readonly cwd: string;
  /** Options that go before those of the file. */
  readonly options: object;
  /** How long each generator may take to close at the end, in milliseconds; 0: none is closed. */
  readonly shutdownTimeout: number;
  readonly isTraced: boolean;
  /** In milliseconds since the epoch. */
  readonly startedAt: number;
}

const VARIABLE = 'ASYNCGEN_HOOKS_RUN';
const SETTINGS = 'settings.json';
const FAIL_ON_LEAK = 'fail-on-leak';
const preload = fileURLToPath(new URL('./watch.cjs', import.meta.url));

export interface Collected {
  readonly reports: readonly ProcessReport[];
  readonly missing: readonly string[];
  readonly traces: readonly string[];
  /** A command inside the command asked for it. */
  readonly failsOnLeak: boolean;
}

/**
 * A folder for temporary files, through which the processes of a run find each other. The first
 * one makes it and puts the reports of the others together.
 */
export class Run {
  readonly #name = `${process.pid}.${threadId}.${Math.random().toString(36).slice(2)}`;

  private constructor(
    readonly folder: string,
    readonly settings: RunSettings,
  ) {}

  static start(settings: RunSettings): Run {
    const folder = mkdtempSync(join(tmpdir(), 'asyncgen-hooks-run-'));
    writeFileSync(join(folder, SETTINGS), JSON.stringify(settings));
    process.env[VARIABLE] = folder;
    // `--require` and not `--import`: in workers that evaluate a text, Node minds only the former.
    const flag = `--require ${JSON.stringify(preload)}`;
    process.env['NODE_OPTIONS'] = [process.env['NODE_OPTIONS'], flag].filter(Boolean).join(' ');
    setEnvironmentData(VARIABLE, folder);
    return new Run(folder, settings);
  }

  /** The run that this process or thread belongs to, if it still goes on. */
  static join(): Run | undefined {
    const folder = (getEnvironmentData(VARIABLE) as string | undefined) ?? process.env[VARIABLE];
    if (folder === undefined) return undefined;
    try {
      const text = readFileSync(join(folder, SETTINGS), 'utf8');
      setEnvironmentData(VARIABLE, folder);
      return new Run(folder, JSON.parse(text) as RunSettings);
    } catch {
      return undefined;
    }
  }

  static get preload(): string {
    return preload;
  }

  get traceFile(): string {
    return join(this.folder, `${this.#name}.trace`);
  }

  /** Called by a process at its start, so that one that is killed is missed. */
  enter(): void {
    const [file = '', ...args] = process.argv.slice(1);
    const command = [file && relative(this.settings.cwd, file), ...args].join(' ');
    this.#write(`${command || 'node'} (process ${process.pid})`, '.running');
  }

  leave(report: ProcessReport): void {
    // Where the disk is full, half a report is none, and the process stays missing.
    if (!this.#write(JSON.stringify(report), '.part')) return;
    renameSync(this.#path('.part'), this.#path('.json'));
    rmSync(this.#path('.running'), { force: true });
  }

  /** Once in a run, whichever of its processes and threads asks first. */
  claim(what: string): boolean {
    try {
      writeFileSync(join(this.folder, `${what}.claimed`), '', { flag: 'wx' });
      return true;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code !== 'EEXIST';
    }
  }

  /** Asks the first process, which alone reports, to fail for a leak. */
  failOnLeak(): void {
    this.claim(FAIL_ON_LEAK);
  }

  /** @returns what the other processes left, and the names of those that left nothing. */
  collect(): Collected {
    const names = readdirSync(this.folder);
    const paths = (extension: string): string[] =>
      names
        .filter((name) => name.endsWith(extension) && name !== SETTINGS)
        .map((name) => join(this.folder, name));
    const read = (path: string): string => readFileSync(path, 'utf8');
    return {
      reports: paths('.json').map((path) => JSON.parse(read(path)) as ProcessReport),
      missing: paths('.running').map((path) => read(path) || 'a process'),
      traces: paths('.trace'),
      failsOnLeak: names.includes(`${FAIL_ON_LEAK}.claimed`),
    };
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #path(extension: string): string {
    return join(this.folder, this.#name + extension);
  }

  #write(text: string, extension: string): boolean {
    try {
      writeFileSync(this.#path(extension), text);
      return true;
    } catch (error) {
      // The first process ended before, and nobody is left to read it.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      warn(
        `asyncgen-hooks/node: process ${process.pid}, it cannot write its report ` +
          `(${(error as Error).message}). Make room in the folder for temporary files.`,
        'ERR_ASYNCGEN_REPORT',
        error,
      );
      return false;
    }
  }
}
