import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, threadId } from 'node:worker_threads';
import { trackAsyncGens } from '../../../lifecycle/index.js';
import { readOwn } from '../../../messages.js';
import { addCloser } from '../ending.js';
import { tell } from '../exit.js';
import { loadOptions } from '../loader/config.js';
import { install } from '../loader/install.js';
import { noteChildren } from './children.js';
import { Counts } from './counts.js';
import { noteEvaluated } from './evaluated.js';
import { collectGarbage } from '../../../garbage.js';
import { whenEnding } from './last-word.js';
import { Left, type LeftRow } from './left.js';
import { Notes } from './notes.js';
import { whenOver } from './over.js';
import { recordInto } from './recorder.js';
import type { ProcessReport } from './process-report.js';
import { Run } from './run.js';
import { Timeline } from './timeline.js';
import { traceInto, type Trace } from './trace.js';
import { summarize } from './unwatched.js';
import { preloadInWorkers } from './workers.js';

const require = createRequire(import.meta.url);
const shimPath = fileURLToPath(new URL('./shim.cjs', import.meta.url));

/**
 * Watches all async generators of this thread, and of the workers and processes that it starts.
 *
 * @param trace where this thread's events go.
 * @param atEnd called once, with the counts, when the process or the thread ends, however it does;
 *   it says whether the process has to fail.
 * @returns what `install` returns.
 */
export function watch(
  run: Run,
  trace: Trace | undefined,
  atEnd: (report: ProcessReport) => boolean,
): (() => Promise<void>) | undefined {
  const { cwd, options, shutdownTimeout, signal } = run.settings;
  const notes = new Notes();
  const findLoaders = install({ cwd, options, watcher: notes.watcher(run) });
  noteEvaluated((file) => notes.add('evaluated', file), shimPath);
  noteChildren(notes.add, Run.preload);
  // A worker knows nothing of the program: it has no path among its arguments.
  if (isMainThread) trace?.nameOf('process', basename(process.argv[1] ?? 'node'));
  trace?.nameOf('thread', isMainThread ? 'main' : `worker ${threadId}`);
  const counts = new Counts();
  const left = new Left(cwd);
  const timeline = new Timeline([recordInto(counts), left, ...(trace ? [traceInto(trace)] : [])]);
  const tracker = trackAsyncGens({
    onAbandoned: () => {},
    afterShutdown: 'allow',
  });
  preloadInWorkers(Run.preload);
  if (signal !== undefined && isMainThread) {
    // Loaded when somebody asks.
    const show = (): void => {
      const { showOpen } = require('./report.cjs') as {
        showOpen(rows: readonly LeftRow[], cwd: string): void;
      };
      showOpen(left.open(timeline.lives), cwd);
    };
    process.on(signal, show);
  }

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
    tell({ ...report, blocked: [] });
  };
  const isIdle = (): boolean => timeline.open === 0 || shutdownTimeout === 0;
  let isOver = false;
  let mustFail = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    const isCutOff = timeline.open > 0 && timeline.begun !== seen;
    timeline.finish();
    left.finish();
    trace?.close();
    const rows = counts.rows();
    const all = loadOptions(cwd, options);
    const asked = [readOwn(options, 'include') ?? []].flat() as string[];
    const files = summarize(notes, cwd, all, asked, () => require('picomatch'), rows.length > 0);
    mustFail = atEnd({ rows, left: left.rows(), isCutOff, ...files });
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
      isIdle,
      last: finish,
      yields: true,
    });
  return findLoaders;
}
