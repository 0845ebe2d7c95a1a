import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getEnvironmentData, setEnvironmentData, threadId } from 'node:worker_threads';
import { printable, quote, readOwn, warn } from '../../../messages.js';
import { isOwnFolder } from '../loader/trust.js';
import type { ProcessReport } from './process-report.js';

/** As they came in, unchecked. */
interface RunFileOptions {
  readonly include?: unknown;
  readonly exclude?: unknown;
  readonly dependencies?: unknown;
}

/** What all processes and threads of one run are told. */
export interface RunSettings {
  /** The folder that sites and globs are relative to: the one that the run was started in. */
  readonly cwd: string;
  /** Options that go before those of the file. */
  readonly options: RunFileOptions;
  /** How long each generator may take to close at the end, in milliseconds; 0: none is closed. */
  readonly shutdownTimeout: number;
  readonly isTraced: boolean;
  /** Whether the lanes of single generators are kept. */
  readonly hasLanes: boolean;
  /** The port that the page of each process is served on, which another process may have. */
  readonly live?: number | undefined;
  /** Has each process print what is open in it. */
  readonly signal?: NodeJS.Signals | undefined;
  /** In milliseconds since the epoch. */
  readonly startedAt: number;
}

const VARIABLE = 'ASYNCGEN_HOOKS_RUN';
const FAIL_ON_LEAK = 'fail-on-leak';
const preload = fileURLToPath(new URL('./watch.cjs', import.meta.url));

export interface Collected {
  readonly reports: readonly ProcessReport[];
  readonly missing: readonly string[];
  readonly traces: readonly string[];
  /** A command inside the command asked for it. */
  readonly failsOnLeak: boolean;
}

export const NOTHING: Collected = { reports: [], missing: [], traces: [], failsOnLeak: false };

/**
 * A folder for temporary files, through which the processes of a run find each other. The first
 * one makes it and puts the reports of the others together.
 *
 * What the others are told travels in the environment, which no other user can write. The folder
 * holds nothing but reports and marks: processes that outlive the run keep its name, and once it is
 * gone, anybody can make a folder of that name.
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
    const text = JSON.stringify({ ...settings, folder });
    setEnvironmentData(VARIABLE, text);
    if (folder === undefined) return new Run(undefined, settings);
    process.env[VARIABLE] = text;
    // `--require` and not `--import`: in workers that evaluate a text, Node minds only the former.
    const flag = `--require ${JSON.stringify(preload)}`;
    process.env['NODE_OPTIONS'] = [process.env['NODE_OPTIONS'], flag].filter(Boolean).join(' ');
    return new Run(folder, settings);
  }

  /** The run that this process or thread belongs to, if it still goes on. */
  static join(): Run | undefined {
    const inherited = getEnvironmentData(VARIABLE) as string | undefined;
    const text = inherited ?? process.env[VARIABLE];
    if (text === undefined) return undefined;
    const shared = parse(text);
    if (shared === undefined) return undefined;
    // Without a folder, a process has nobody but its own threads.
    const { folder } = shared;
    if (folder === undefined ? inherited === undefined : !isOwnFolder(folder)) return undefined;
    setEnvironmentData(VARIABLE, text);
    return new Run(folder, shared.settings);
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
    const [file = '', ...args] = process.argv.slice(1);
    const command = [file && relative(this.settings.cwd, file), ...args].join(' ');
    if (this.#write(`${command || 'node'} (process ${process.pid})`, '.running')) return;
    // A disk that is full may have room for a name, and nobody would miss this process without one.
    const path = this.#path('.running');
    if (path !== undefined) create(path);
  }

  leave(report: ProcessReport): void {
    // As long as the mark is there, the first process counts this one as missing.
    if (!this.#write(JSON.stringify(report), '.json')) return;
    rmSync(this.#path('.running')!, { force: true });
  }

  /** Once in a run, whichever of its processes and threads asks first. */
  claim(what: string): boolean {
    const path = this.#path('.claimed', what);
    if (path === undefined) return true;
    try {
      writeFileSync(path, '', { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      this.#tellUnwritten(path, error);
      return true;
    }
  }

  /** Asks the first process, which alone reports, to fail for a leak. */
  failOnLeak(): void {
    this.claim(FAIL_ON_LEAK);
  }

  /** @returns what the other processes left, and the names of those that left nothing. */
  collect(): Collected {
    const { folder } = this;
    if (folder === undefined) return NOTHING;
    const names = readdirSync(folder);
    if (!isOwnFolder(folder)) throw new Error(`another user can change ${folder}`);
    const paths = (extension: string): string[] =>
      names.filter((name) => name.endsWith(extension)).map((name) => join(folder, name));
    const read = (path: string): string => readFileSync(path, 'utf8');
    return {
      reports: paths('.json').map((path) => JSON.parse(read(path)) as ProcessReport),
      missing: paths('.running').map((path) => read(path) || 'a process'),
      traces: paths('.trace'),
      failsOnLeak: names.includes(`${FAIL_ON_LEAK}.claimed`),
    };
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

  /** None if the folder is gone: the first process ended before, and nobody is left to read it. */
  #path(extension: string, name = this.#name): string | undefined {
    const { folder } = this;
    if (folder === undefined || !isOwnFolder(folder)) return undefined;
    return join(folder, name + extension);
  }

  #tellUnwritten(path: string, error: unknown): void {
    if (isOwnFolder(this.folder!)) tellUnwritten(path, error);
  }

  /** Whole or not at all. */
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
      this.#tellUnwritten(path, error);
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
    `asyncgen-hooks/node: Cannot write ${printable(path)} (${quote(error)}), and what child ` +
      'processes do is not in the report. Set TMPDIR to a folder that can be written and has room.',
    'ERR_ASYNCGEN_RUN',
  );

function create(file: string): void {
  try {
    writeFileSync(file, '', { flag: 'wx' });
  } catch {
    // It was told already that nothing can be written there.
  }
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It was not made.
  }
}

const signalOf = (name: unknown): NodeJS.Signals | undefined => (isSignal(name) ? name : undefined);

export const isPort = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < 1 << 16;

/** One that somebody can listen for. */
export const isSignal = (name: unknown): name is NodeJS.Signals =>
  typeof name === 'string' &&
  Object.hasOwn(constants.signals, name) &&
  name !== 'SIGKILL' &&
  name !== 'SIGSTOP';

/** @returns `undefined` for what no run of this version wrote. */
function parse(text: string): { folder: string | undefined; settings: RunSettings } | undefined {
  let given: object;
  try {
    given = Object(JSON.parse(text)) as object;
  } catch {
    return undefined;
  }
  const read = (name: string): unknown => readOwn(given, name);
  const [folder, cwd, options] = [read('folder'), read('cwd'), read('options')];
  if (typeof (folder ?? '') !== 'string' || typeof cwd !== 'string') return undefined;
  const [include, exclude, dependencies] = ['include', 'exclude', 'dependencies'].map((name) =>
    readOwn(Object(options), name),
  );
  const settings = {
    cwd,
    options: {
      ...(include !== undefined && { include }),
      ...(exclude !== undefined && { exclude }),
      ...(dependencies !== undefined && { dependencies }),
    },
    shutdownTimeout: Number(read('shutdownTimeout')),
    isTraced: read('isTraced') === true,
    hasLanes: read('hasLanes') === true,
    signal: signalOf(read('signal')),
    live: isPort(read('live')) ? (read('live') as number) : undefined,
    startedAt: Number(read('startedAt')),
  };
  return { folder: folder as string | undefined, settings };
}
