import { isMainThread } from 'node:worker_threads';
import { collectGarbage } from '../../../garbage.js';
import type { AsyncGenTracker } from '../../../lifecycle/index.js';
import { warnOfUnclosed } from '../ending/close-on-exit.js';
import { addCloser } from '../ending/closers.js';
import { whenEnding } from '../ending/last-word.js';
import { whenOver } from '../ending/over.js';
import type { Timeline } from './timeline.js';

/**
 * When a watched thread comes to its end, closes what is open, if there is time for it, and tells
 * what the program has left.
 *
 * @param shutdownTimeout how long each generator may take, in milliseconds; 0: none is closed.
 * @param tell called once, at the very end; it says whether the process has to fail.
 */
export function closeAndTellAtEnd(
  timeline: Timeline,
  tracker: AsyncGenTracker,
  shutdownTimeout: number,
  tell: (isCutOff: boolean) => boolean,
): void {
  /** How many had begun when it was last looked at what was dropped. */
  let seen = 0;
  const close = async (): Promise<void> => {
    const { begun } = timeline;
    if (timeline.open > 0) await collectGarbage();
    seen = begun;
    if (timeline.open === 0 || shutdownTimeout === 0) return;
    timeline.leave();
    const report = await tracker.shutdown({ timeout: shutdownTimeout });
    // What did not close is in the report.
    warnOfUnclosed({ ...report, blocked: [] });
  };
  let isOver = false;
  let mustFail = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    const isCutOff = timeline.open > 0 && timeline.begun !== seen;
    timeline.finish();
    mustFail = tell(isCutOff);
  };

  whenOver(() => {
    // What did not close before does not keep the process; what came since is looked at.
    if (timeline.begun !== seen) void close();
  });
  // It may be the string '0', and the system keeps its last byte.
  whenEnding(finish, (code) => (mustFail && (Number(code ?? 0) & 0xff) === 0 ? 1 : code));
  if (isMainThread)
    addCloser({
      signals: ['SIGTERM', 'SIGINT', 'SIGHUP'],
      close,
      isIdle: () => timeline.open === 0 || shutdownTimeout === 0,
      last: finish,
      yields: true,
    });
}
