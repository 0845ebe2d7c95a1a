import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getEnvironmentData, setEnvironmentData, threadId } from 'node:worker_threads';
import { printable, quote, readOwn, warn } from '../../../messages.js';
import { isOwnFolder } from '../../compiler/trust.js';
import type { ProcessReport } from './report.js';

/** What all processes and threads of one run are told. */
export interface RunSettings {
  /** The folder that sites and globs are relative to: the one that the run was started in. */
  readonly cwd: string;
  /** Options that go before those of the file. */
  readonly options: { readonly include?: unknown; readonly exclude?: unknown };
  /** How long each generator may take to close at the end, in milliseconds; 0: none is closed. */
  readonly shutdownTimeout: number;
  readonly isTraced: boolean;
  /** In milliseconds since the epoch. */
  readonly startedAt: number;
}

const VARIABLE = 'ASYNCGEN_HOOKS_RUN';
const preload = fileURLToPath(new URL('./watch.cjs', import.meta.url));

/**
 * A folder for temporary files, through which the processes of a run find each other. The first
 * one makes it and puts the reports of the others together.
 *
 * What the others are told travels in the environment, which no other user can write. The folder
 * holds nothing but reports: processes that outlive the run keep its name, and once it is gone,
 * anybody can make a folder of that name.
 */
export class Run {
  readonly #name = `${process.pid}.${threadId}.${Math.random().toString(36).slice(2)}`;

  private constructor(
    /** None where there is no place for temporary files. */
    readonly folder: string | undefined,
    readonly settings: RunSettings,
  ) {}

  static start(settings: RunSettings): Run {
    const folder = makeFolder();
    if (folder === undefined) return new Run(undefined, settings);
    const text = JSON.stringify({ ...settings, folder });
    process.env[VARIABLE] = text;
    // `--require` and not `--import`: in workers that evaluate a text, Node minds only the former.
    const flag = `--require ${JSON.stringify(preload)}`;
    process.env['NODE_OPTIONS'] = [process.env['NODE_OPTIONS'], flag].filter(Boolean).join(' ');
    setEnvironmentData(VARIABLE, text);
    return new Run(folder, settings);
  }

  /** The run that this process or thread belongs to, if it still goes on. */
  static join(): Run | undefined {
    const text = (getEnvironmentData(VARIABLE) as string | undefined) ?? process.env[VARIABLE];
    if (text === undefined) return undefined;
    const shared = parse(text);
    if (shared === undefined || !isOwnFolder(shared.folder)) return undefined;
    setEnvironmentData(VARIABLE, text);
    return new Run(shared.folder, shared.settings);
  }

  static get preload(): string {
    return preload;
  }

  /** @returns `undefined` if the folder is gone. */
  get traceFile(): string | undefined {
    return this.#path('.trace');
  }

  /** Called by a process at its start, so that one that is killed is missed. */
  enter(): void {
    this.#write('', '.running');
  }

  leave(report: ProcessReport): void {
    // As long as the mark is there, the first process counts this one as missing.
    if (!this.#write(JSON.stringify(report), '.json')) return;
    rmSync(this.#path('.running')!, { force: true });
  }

  /** @returns what the other processes left, and how many left nothing. */
  collect(): { reports: ProcessReport[]; missing: number; traces: string[] } {
    const { folder } = this;
    if (folder === undefined || !isOwnFolder(folder))
      return { reports: [], missing: 0, traces: [] };
    const names = readdirSync(folder);
    const reports = names
      .filter((name) => name.endsWith('.json'))
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ProcessReport);
    const missing = names.filter((name) => name.endsWith('.running')).length;
    const traces = names
      .filter((name) => name.endsWith('.trace'))
      .map((name) => join(folder, name));
    return { reports, missing, traces };
  }

  end(): void {
    const { folder } = this;
    if (folder === undefined || !isOwnFolder(folder)) return;
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // What is left of it are temporary files.
    }
  }

  #path(extension: string): string | undefined {
    const { folder } = this;
    if (folder === undefined || !isOwnFolder(folder)) return undefined;
    return join(folder, this.#name + extension);
  }

  /**
   * Whole or not at all. The folder is gone if the first process ended before: nobody is left to
   * read it.
   */
  #write(text: string, extension: string): boolean {
    const path = this.#path(extension);
    if (path === undefined) return false;
    const part = `${path}.part`;
    try {
      writeFileSync(part, text, { flag: 'wx' });
      renameSync(part, path);
      return true;
    } catch (error) {
      remove(part);
      if (isOwnFolder(this.folder!)) tellUnwritten(path, error);
      return false;
    }
  }
}

function makeFolder(): string | undefined {
  const parent = tmpdir();
  try {
    return mkdtempSync(join(parent, 'asyncgen-hooks-run-'));
  } catch (error) {
    tellUnwritten(parent, error);
    return undefined;
  }
}

const tellUnwritten = (path: string, error: unknown): void =>
  warn(
    `asyncgen-hooks/node: ${printable(path)}, it cannot be written (${quote(error)}), and what child ` +
      'processes do is not in the report. Set TMPDIR to a folder that can be written and has room.',
    'ERR_ASYNCGEN_RUN',
  );

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It was not made.
  }
}

/** @returns `undefined` for what no run of this version wrote. */
function parse(text: string): { folder: string; settings: RunSettings } | undefined {
  let given: object;
  try {
    given = Object(JSON.parse(text)) as object;
  } catch {
    return undefined;
  }
  const read = (name: string): unknown => readOwn(given, name);
  const [folder, cwd, options] = [read('folder'), read('cwd'), read('options')];
  if (typeof folder !== 'string' || typeof cwd !== 'string') return undefined;
  const [include, exclude] = ['include', 'exclude'].map((name) => readOwn(Object(options), name));
  const settings = {
    cwd,
    options: {
      ...(include !== undefined && { include }),
      ...(exclude !== undefined && { exclude }),
    },
    shutdownTimeout: Number(read('shutdownTimeout')),
    isTraced: read('isTraced') === true,
    startedAt: Number(read('startedAt')),
  };
  return { folder, settings };
}
