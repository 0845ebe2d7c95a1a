import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getEnvironmentData, setEnvironmentData, threadId } from 'node:worker_threads';
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
const preload = fileURLToPath(new URL('./watch.cjs', import.meta.url));

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
    this.#write('', '.running');
  }

  leave(report: ProcessReport): void {
    this.#write(JSON.stringify(report), '.json');
    rmSync(join(this.folder, `${this.#name}.running`), { force: true });
  }

  /** @returns what the other processes left, and how many left nothing. */
  collect(): { reports: ProcessReport[]; missing: number; traces: string[] } {
    const names = readdirSync(this.folder);
    const reports = names
      .filter((name) => name.endsWith('.json') && name !== SETTINGS)
      .map((name) => JSON.parse(readFileSync(join(this.folder, name), 'utf8')) as ProcessReport);
    const missing = names.filter((name) => name.endsWith('.running')).length;
    const traces = names
      .filter((name) => name.endsWith('.trace'))
      .map((name) => join(this.folder, name));
    return { reports, missing, traces };
  }

  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The folder is gone if the first process ended before. */
  #write(text: string, extension: string): void {
    try {
      writeFileSync(join(this.folder, this.#name + extension), text);
    } catch {
      // Nobody is left to read it.
    }
  }
}
