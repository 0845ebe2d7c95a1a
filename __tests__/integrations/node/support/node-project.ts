import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageRoot, Project, PUBLISHED } from '../../../environments/support/project.js';
import { requireBabel } from '../../../helpers/babel.js';

export interface End {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface StartOptions {
  /** A folder of the project; its root by default. */
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** Flags of Node. */
  readonly flags?: readonly string[];
  /** Called for each line that the program prints. */
  readonly onLine?: (line: string, child: ChildProcess) => void;
}

/** The type of a script's file, told by Node or by us. */
export const hasTypeScript = Boolean((process.features as { typescript?: unknown }).typescript);

/** A project with the package and the Babel under test installed as npm would have it. */
export class NodeProject extends Project {
  constructor(files: Record<string, unknown> = {}, { hasBabel = true } = {}) {
    super(files);
    this.install('asyncgen-hooks', packageRoot, PUBLISHED);
    mkdirSync(join(this.root, 'tmp'));
    if (hasBabel)
      this.link('@babel/core', dirname(requireBabel.resolve('@babel/core/package.json')));
  }

  /** Runs Node to its end. */
  start(
    args: readonly string[],
    { cwd = '.', env, input = '', flags = [], onLine }: StartOptions = {},
  ): Promise<End> {
    const child = spawn(process.execPath, [...flags, ...args], {
      cwd: join(this.root, cwd),
      env: {
        ...process.env,
        NODE_OPTIONS: undefined,
        NODE_ENV: undefined,
        JEST_WORKER_ID: undefined,
        FORCE_COLOR: undefined,
        NO_COLOR: undefined,
        COLUMNS: '1000',
        TMPDIR: join(this.root, 'tmp'),
        ...env,
      },
    });
    const out = { stdout: '', stderr: '' };
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out.stdout += text;
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) onLine?.(line, child);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
    child.stdin.end(input);
    return new Promise((resolve, reject) => {
      child.on('error', reject).on('close', (code, signal) => resolve({ ...out, code, signal }));
    });
  }

  /** `node --import asyncgen-hooks/register …` */
  register(...args: string[]): Promise<End> {
    return this.start(['--import', 'asyncgen-hooks/register', ...args]);
  }

  /** The command, as npx would run it; with all rows in the report, which `readTable` reads. */
  command(args: readonly string[], options?: StartOptions): Promise<End> {
    return args[0] === 'compile' ? this.bin(args, options) : this.bin(['--all', ...args], options);
  }

  bin(args: readonly string[], options?: StartOptions): Promise<End> {
    const bin = join(this.root, 'node_modules/asyncgen-hooks/dist/bin.cjs');
    return this.start([bin, ...args], options);
  }

  /** The runs whose folders are still there. */
  get runs(): string[] {
    return readdirSync(join(this.root, 'tmp')).filter((name) => name.includes('-run-'));
  }

  read(name: string): string {
    return readFileSync(join(this.root, name), 'utf8');
  }

  readJson(name: string): any {
    return JSON.parse(this.read(name));
  }
}

/** A row of the list that `--all` prints: what is counted, and nothing that is 0. */
export interface TableRow {
  readonly generator: string;
  readonly place: string;
  readonly counts: Record<string, number>;
}

/** Reads the list of all functions; times are left out. */
export function readTable(stderr: string): TableRow[] {
  return [...stderr.matchAll(/^(.+?) {2,}(\S*?) {2,}(\d.*), slowest step [\d.]+ ms$/gm)].map(
    ([, generator, place, text]) => {
      const counts = text!.split(', ').map((each) => {
        const [, count, what] = /^(\d+) (.+)$/.exec(each)!;
        return [what === 'item' ? 'items' : what!, Number(count)];
      });
      return { generator: generator!, place: place!, counts: Object.fromEntries(counts) };
    },
  );
}

export const row = (
  generator: string,
  place: string,
  counts: Record<string, number>,
): TableRow => ({ generator, place, counts });
