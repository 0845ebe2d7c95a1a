import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

export const packageRoot = join(__dirname, '../../..');

/** What npm would publish of it. */
export const PUBLISHED = ['dist', 'package.json'];

export interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own outside the repository, with `asyncgen-hooks` in its `node_modules`. */
export class Project implements Disposable {
  // Jest and Node compare real paths; on macOS the temporary folder stands behind a link.
  readonly root = mkdtempSync(join(realpathSync(tmpdir()), 'asyncgen-hooks-'));

  /** @param files text by path; what is no string is written as JSON. */
  constructor(files: Record<string, unknown> = {}) {
    this.link('asyncgen-hooks', packageRoot);
    this.write({ 'package.json': { type: 'commonjs' }, ...files });
  }

  write(files: Record<string, unknown>): this {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.root, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    }
    return this;
  }

  /** Makes `target` the package `name`. */
  link(name: string, target: string): this {
    const path = this.#packagePath(name);
    symlinkSync(relative(dirname(path), target), path, 'junction');
    return this;
  }

  /**
   * Copies a package to where npm would put it, with links for what it depends on.
   * @param parts what to copy of it; all by default.
   */
  install(name: string, source: string, parts = ['.']): this {
    const path = this.#packagePath(name);
    for (const part of parts) cpSync(join(source, part), join(path, part), { recursive: true });
    const { dependencies = {} } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'));
    for (const dependency of Object.keys(dependencies)) {
      this.link(dependency, join(packageRoot, 'node_modules', dependency));
    }
    return this;
  }

  /** A free path, whatever was there. */
  #packagePath(name: string): string {
    const path = join(this.root, 'node_modules', name);
    rmSync(path, { recursive: true, force: true });
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  /** Runs Node in the folder. What Jest set in the environment for its own use does not reach it. */
  run(...args: string[]): Promise<Result> {
    const env = {
      ...process.env,
      NODE_OPTIONS: undefined,
      NODE_ENV: undefined,
      JEST_WORKER_ID: undefined,
    };
    const child = spawn(process.execPath, args, { cwd: this.root, env });
    const out = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (out.stderr += text));
    return new Promise((resolve, reject) => {
      child.on('error', reject).on('close', (status) => resolve({ status, ...out }));
    });
  }

  /** As `run`, for a program that has to end well and prints one JSON text. */
  async runForRecord(...args: string[]): Promise<unknown> {
    const { status, stdout, stderr } = await this.run(...args);
    if (status !== 0) throw new Error(`exit ${status}\n${stdout}\n${stderr}`);
    return JSON.parse(stdout);
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
