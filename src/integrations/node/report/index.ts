/** A file of its own in `dist`: no program waits at its start for what only its end needs. */
import type { LeftRow } from '../watch/left.js';
import { print, terminal } from './outputs.js';
import { formatOpen } from './print.js';
import { openOf } from './report.js';

export { readReport } from './baseline.js';
export { openOutput, Outputs } from './outputs.js';
export { makeReport, mergeReports } from './report.js';

/** When a signal asks what is open. */
export const showOpen = (rows: readonly LeftRow[], cwd: string): void =>
  print(2, formatOpen(openOf(rows), cwd, terminal(2)));
