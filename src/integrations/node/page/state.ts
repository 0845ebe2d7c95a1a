import type { PageData } from '../report/page.js';
import { rowsOf, type Row } from './model.js';

/** What the page shows at a moment. */
export interface State {
  readonly data: PageData;
  readonly rows: readonly Row[];
  /** What open generators last until, in milliseconds since the run began. */
  readonly now: number;
}

export function stateOf(data: PageData): State {
  const rows = rowsOf(data);
  let now = 0;
  for (const { from, to, steps } of rows) {
    now = Math.max(now, from, Number.isFinite(to) ? to : 0, steps.at(-4) ?? 0);
  }
  return { data, rows, now };
}
