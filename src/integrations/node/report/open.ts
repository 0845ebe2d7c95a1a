/** Loaded when a signal asks what is open. */
import type { LeftRow } from '../watch/left.js';
import { print, terminal } from './outputs.js';
import { formatOpen } from './print.js';
import { openOf } from './report.js';

export const showOpen = (rows: readonly LeftRow[], cwd: string): void =>
  print(2, formatOpen(openOf(rows), cwd, terminal(2)));
