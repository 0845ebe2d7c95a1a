/** A file of its own in `dist`: no program waits at its start for what only its end needs. */
import type { LeftRow } from '../watch/left.js';
import { print, terminal } from './outputs.js';
import { formatOpen } from './print.js';
import { openOf } from './open.js';

export { readReport } from './baseline.js';
export { openOf } from './open.js';
export { openOutput, Outputs, print, terminal } from './outputs.js';
export { formatOpen } from './print.js';
export { makeReport, mergeReports } from './report.js';

/** When a signal asks what is open. */
export const showOpen = (rows: readonly LeftRow[], cwd: string): void =>
  print(2, formatOpen(openOf(rows), { pid: process.pid, cwd }, terminal(2)));
