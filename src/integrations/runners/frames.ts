import { fileURLToPath } from 'node:url';
import { relative } from 'node:path';
import { printable } from '../../messages.js';

/** `    at read (/project/a.js:3:5)`, `    at async file:///project/a.js:3:5` */
const FRAME = /^\s*at (?:(.*) \()?((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*?):(\d+):(\d+)\)?$/;
/** Where this package stands, and Node's and the runner's own. */
const OTHERS = /[\\/]node_modules[\\/]|[\\/]asyncgen-hooks[\\/]dist[\\/]/;

/** The frames of a stack that are the user's; all that have a file if none is. */
export function userFrames(stack: string): string[] {
  const frames = stack.split('\n').filter((line) => FRAME.test(line));
  const own = frames.filter((line) => !OTHERS.test(line));
  return own.length > 0 ? own : frames;
}

/** `src/db.test.js:9:20`, of the first frame; `undefined` if there is none. */
export function placeOf(frames: readonly string[], cwd: string): string | undefined {
  const [, , file, line, column] = FRAME.exec(frames[0] ?? '') ?? [];
  if (file === undefined) return undefined;
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  const near = relative(cwd, path).replaceAll('\\', '/');
  return `${printable(near.startsWith('../') ? path : near)}:${line}:${column}`;
}
