import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { row, type End } from './node-project.js';

/** A program with one generator for each way to end. */
export const app = readFileSync(join(__dirname, '../programs/app.mjs'), 'utf8');

export const report = [
  row('dropped', 'app.mjs:7', { called: 1, items: 1, abandoned: 1 }),
  row('held', 'app.mjs:15', { called: 1, items: 1, 'still open': 1 }),
  row('fails', 'app.mjs:23', { called: 1, items: 1, failed: 1 }),
  row('unused', 'app.mjs:31', { called: 1, 'never iterated': 1 }),
  row('fine', 'app.mjs:4', { called: 2, items: 6, exhausted: 1, closed: 1 }),
  row('slow', 'app.mjs:27', { called: 1, items: 1, exhausted: 1 }),
];
/** Nothing could be awaited, so what was dropped cannot be told from what is held. */
export const cutOff = [
  row('dropped', 'app.mjs:7', { called: 1, items: 1, 'still open': 1 }),
  ...report.slice(1),
];
export const closing = 'dropped is closed\nheld is closed\n';
export const summary =
  'asyncgen-hooks: 7 generators, 1 abandoned, 1 still open, 1 failed, 1 never iterated.';
export const countOf = ({ stderr }: End, text: string): number => stderr.split(text).length - 1;
