import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

export const packageRoot = join(__dirname, '../../..');

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
    const path = join(this.root, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(relative(dirname(path), target), path, 'junction');
    return this;
  }

  /** Runs Node in the folder. What Jest set in the environment for its own use does not reach it. */
  run(...args: string[]): Promise<Result> {
    const { NODE_OPTIONS: _, JEST_WORKER_ID: __, NODE_ENV: ___, ...env } = process.env;
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
