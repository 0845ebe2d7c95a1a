import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printable, warn } from '../../../../messages.js';
import type { CompileFile } from '../compile.js';
import { stackOfNow } from '../stack-traces.js';

/**
 * Node 20, and 22.12 to 22.14: what an ES module imports that was itself loaded by `require()` (mocha loads
 * all tests so) passes no hook, neither `module.register` nor `Module#_compile`. Node reads it with `readFileSync(url)`, which
 * cannot be replaced, but opens the file with `fs.openSync`: there it gets another file to read.
 *
 * @param onLost called for a file that runs as it is, since that other one cannot be made.
 */
export function hookRequiredModules(compile: CompileFile, onLost: (file: string) => void): void {
  const { openSync } = fs;
  fs.openSync = function (this: unknown, path: unknown, ...rest: unknown[]) {
    const open = (): number => openSync.apply(this, [path, ...rest] as never);
    if (!(path instanceof URL) || path.protocol !== 'file:' || !SCRIPT.test(path.pathname))
      return open();
    if (!stackOfNow()().includes(LOADER)) return open();
    const file = fileURLToPath(path);
    // What is wrong with the file is told by the call that Node made.
    if (!fs.existsSync(file)) return open();
    const compiled = compile(fs.readFileSync(file, 'utf8'), file, undefined);
    if (compiled === undefined) return open();
    const fd = openText(openSync, compiled, file);
    if (fd === undefined) onLost(file);
    return fd ?? open();
  } as typeof openSync;
}

/** A file that only this process can open, and that is gone when it is closed. */
function openText(open: typeof fs.openSync, text: string, file: string): number | undefined {
  const path = join(
    tmpdir(),
    `asyncgen-hooks-${process.pid}-${Math.random().toString(36).slice(2)}`,
  );
  try {
    const fd = open(path, 'wx+', 0o600);
    fs.unlinkSync(path);
    // With a position, which leaves the place to read from at the start.
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length;) at += fs.writeSync(fd, bytes, at, bytes.length - at, at);
    return fd;
  } catch (error) {
    warn(
      `asyncgen-hooks/node: Node ${process.versions.node} needs a temporary file to load ${printable(file)} compiled, and none can be made. ` +
        'No hook will see its async generators. Set TMPDIR to a folder that can be written to, or use Node 22.15 or newer.',
      'ERR_ASYNCGEN_NOT_COMPILED',
      error,
    );
    return undefined;
  }
}

const SCRIPT = /\.[cm]?[jt]sx?$/;
const LOADER = 'getSourceSync (node:internal/modules/esm/load:';
