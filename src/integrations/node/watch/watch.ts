import { basename } from 'node:path';
import { isMainThread, threadId } from 'node:worker_threads';
import { trackAsyncGens } from '../../../lifecycle/index.js';
import { addCloser } from '../ending.js';
import { tell } from '../exit.js';
import { install } from '../loader/install.js';
import { Counts, type Row } from './counts.js';
import { collectGarbage } from './garbage.js';
import { Recorder } from './recorder.js';
import { Run } from './run.js';
import { Trace } from './trace.js';
import { preloadInWorkers } from './workers.js';

/**
 * Watches all async generators of this thread, and of the workers and processes that it starts.
 *
 * @param trace where this thread's events go.
 * @param atEnd called once, with the counts, when the process or the thread ends, however it does.
 */
export function watch(run: Run, trace: Trace | undefined, atEnd: (rows: Row[]) => void): void {
  const { cwd, options, shutdownTimeout } = run.settings;
  install({ cwd, options });
  trace?.name(basename(process.argv[1] ?? 'node'), isMainThread ? 'main' : `worker ${threadId}`);
  const counts = new Counts();
  const recorder = new Recorder(counts, trace);
  const tracker = trackAsyncGens({ onAbandoned: () => {}, afterShutdown: 'allow' });
  preloadInWorkers(Run.preload);

  const close = async (): Promise<void> => {
    if (recorder.live > 0) await collectGarbage();
    if (recorder.live === 0 || shutdownTimeout === 0) return;
    recorder.leave();
    tell(await tracker.shutdown({ timeout: shutdownTimeout }));
  };
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    recorder.finish();
    atEnd(counts.rows());
  };

  let seen = 0;
  process.on('beforeExit', () => {
    // What did not close before does not keep the process; what came since is looked at.
    if (recorder.begun === seen) return;
    seen = recorder.begun;
    void close();
  });
  process.on('exit', finish);
  if (isMainThread)
    addCloser({ signals: ['SIGTERM', 'SIGINT', 'SIGHUP'], close, last: finish, yields: true });
}
