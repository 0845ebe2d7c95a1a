import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CompileFile } from '../compile.js';
import { stackOfNow } from '../stack-traces.js';

/**
 * Node 20: its ES module loader reads each file with `fs.promises.readFile(url)`, in this thread.
 *
 * `module.register` would load every module through another thread: for a program of 1,000
 * modules 1.8 times the time of plain Node, against 1.13 in this way. Node 20 has had its last
 * release, so what it does here stays. Where other loaders are registered, Node reads in their thread,
 * and ours joins them there (`goOffThread`).
 */
export function hookReadFile(
  compile: CompileFile,
  goOffThread: () => void,
): (() => Promise<void>) | undefined {
  let isRead = false;
  const { promises } = fs;
  const { readFile } = promises;
  promises.readFile = function (this: unknown, path: unknown, ...rest: unknown[]) {
    const read = readFile.apply(this, [path, ...rest] as never) as Promise<Buffer | string>;
    if (rest.length > 0 || !(path instanceof URL) || path.protocol !== 'file:') return read;
    isRead ||= path.href === probe;
    const stack = stackOfNow();
    return read.then((source) => {
      if (!SCRIPT.test(path.pathname)) return source;
      const compiled = compile(source, () => fileURLToPath(path), undefined);
      // The program may read its own files, too, and gets them as they are.
      return compiled === undefined || !stack().includes(LOADER) ? source : Buffer.from(compiled);
    });
  } as typeof readFile;

  const flags = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ');
  if (/--(?:experimental-)?loader\b/.test(flags)) {
    goOffThread();
    return undefined;
  }
  return async () => {
    await import(probe);
    if (!isRead) goOffThread();
  };
}

const SCRIPT = /\.(?:[cm]?js|jsx)$/;
const LOADER = 'node:internal/modules/esm/load:';
const probe = new URL('./probe.mjs', import.meta.url).href;
