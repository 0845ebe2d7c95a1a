import { basename } from 'node:path';
import { isMainThread, threadId } from 'node:worker_threads';
import { trackAsyncGens } from '../../../lifecycle/index.js';
import { addCloser } from '../ending.js';
import { tell } from '../exit.js';
import { install } from '../loader/install.js';
import { Counts } from './counts.js';
import { collectGarbage } from './garbage.js';
import { Recorder } from './recorder.js';
import type { ProcessReport } from './report.js';
import { whenOver } from './over.js';
import { Run } from './run.js';
import { Trace } from './trace.js';
import { preloadInWorkers } from './workers.js';

/**
 * Watches all async generators of this thread, and of the workers and processes that it starts.
 *
 * @param trace where this thread's events go.
 * @returns what `install` returns.
 * @param atEnd called once, with the counts, when the process or the thread ends, however it does.
 */
export function watch(
  run: Run,
  trace: Trace | undefined,
  atEnd: (report: ProcessReport) => void,
): (() => Promise<void>) | undefined {
  const { cwd, options, shutdownTimeout } = run.settings;
  const findLoaders = install({ cwd, options });
  // A worker knows nothing of the program: it has no path among its arguments.
  if (isMainThread) trace?.nameOf('process', basename(process.argv[1] ?? 'node'));
  trace?.nameOf('thread', isMainThread ? 'main' : `worker ${threadId}`);
  const counts = new Counts();
  const recorder = new Recorder(counts, trace);
  const tracker = trackAsyncGens({ onAbandoned: () => {}, afterShutdown: 'allow' });
  preloadInWorkers(Run.preload);

  /** How many had begun when it was last looked at what was dropped. */
  let seen = 0;
  const close = async (): Promise<void> => {
    const { begun } = recorder;
    if (recorder.live > 0) await collectGarbage();
    seen = begun;
    if (recorder.live === 0 || shutdownTimeout === 0) return;
    recorder.leave();
    tell(await tracker.shutdown({ timeout: shutdownTimeout }));
  };
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    const isCutOff = recorder.live > 0 && recorder.begun !== seen;
    recorder.finish();
    atEnd({ rows: counts.rows(), isCutOff });
  };

  whenOver(() => {
    // What did not close before does not keep the process; what came since is looked at.
    if (recorder.begun !== seen) void close();
  });
  process.on('exit', finish);
  if (isMainThread)
    addCloser({ signals: ['SIGTERM', 'SIGINT', 'SIGHUP'], close, last: finish, yields: true });
  return findLoaders;
}
