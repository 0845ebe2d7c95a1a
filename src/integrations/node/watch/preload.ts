/** Loaded first by the workers and the child processes of a program that is watched. */
import { isMainThread } from 'node:worker_threads';
import { Run } from './run.js';
import { Trace } from './trace.js';
import { watch } from './watch.js';

const run = Run.join();
if (run !== undefined) {
  const { isTraced, startedAt } = run.settings;
  const { traceFile } = run;
  const trace = isTraced && traceFile ? Trace.open(traceFile, startedAt) : undefined;
  if (isMainThread) run.enter();
  watch(run, trace, (report) => {
    // The counts of a worker are in memory that it shares with its process.
    if (isMainThread) run.leave(report);
    return false;
  });
}
