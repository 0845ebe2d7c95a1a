import { availableParallelism } from 'node:os';
import { SingleBar } from 'cli-progress';
import { Piscina } from 'piscina';

/**
 * Does `tasks` in worker threads, with a progress bar on standard error where that is a terminal.
 *
 * @param options as Piscina takes them, `filename` at least; `jobs`, the number of threads; `limit`,
 *   the milliseconds after which a task hangs: its thread is ended, and another one goes on.
 * @param onDone called with each task and what the worker returned.
 * @param onFailed called with each task and the error that the worker threw, or that ended it.
 * @param noteOf gives the text behind the bar.
 */
export async function forEachInThreads(tasks, options, onDone, onFailed, noteOf) {
  const { jobs = availableParallelism(), limit = 60_000, ...rest } = options;
  const pool = new Piscina({ minThreads: jobs, maxThreads: jobs, ...rest });
  const bar = new SingleBar({
    format: '{bar} {percentage} % | {value} of {total} | {note} | {eta_formatted} left',
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(tasks.length, 0, { note: noteOf() });
  const queue = tasks.values();
  const work = async () => {
    for (const task of queue) {
      try {
        onDone(task, await pool.run(task, { signal: AbortSignal.timeout(limit) }));
      } catch (error) {
        const isLate = error.name === 'AbortError';
        onFailed(task, isLate ? new Error(`still at work after ${limit / 1000} s`) : error);
      }
      bar.increment({ note: noteOf() });
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  bar.stop();
  await pool.destroy();
}
