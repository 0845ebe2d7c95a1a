import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { isMainThread, threadId, type Worker } from 'node:worker_threads';
import { trackAsyncGens } from '../../../lifecycle/index.js';
import { readOwn } from '../../../messages.js';
import { loadOptions } from '../loader/config.js';
import { install } from '../loader/install.js';
import { noteChildren, preloadInWorkers } from './children.js';
import { Counts, recordInto } from './counts.js';
import { closeAndTellAtEnd } from './end.js';
import { noteEvaluated } from './evaluated.js';
import { Lanes } from './lanes.js';
import { leaveRecord, Left, type LeftRow } from './left.js';
import { Notes } from './notes.js';
import type { ProcessReport } from './process-report.js';
import { Run } from './run.js';
import { Timeline } from './timeline.js';
import { traceInto, type Trace } from './trace.js';
import { summarize } from './unwatched.js';

const require = createRequire(import.meta.url);

/** What the page of a program that runs is made of. */
export interface LiveSources {
  readonly cwd: string;
  readonly startedAt: number;
  readonly counts: Counts;
  readonly left: Left;
  readonly lanes: Lanes;
  readonly timeline: Timeline;
}

export interface LiveOptions {
  /** 0: any that is free. */
  readonly port: number;
  readonly opens: boolean;
  /** By the ids of their threads. */
  readonly workers: StartedWorkers;
}

export type StartedWorkers = ReadonlyMap<number, WeakRef<Worker>>;

/** Serves the page of this thread, as long as the process lives by itself. */
export type GoLive = (sources: LiveSources, options: LiveOptions) => Promise<void>;
/** Has a worker thread answer the page of its process. */
export type AnswerLive = (sources: LiveSources) => void;

/**
 * Watches all async generators of this thread, and of the workers and processes that it starts.
 *
 * @param trace where this thread's events go.
 * @param atEnd called once, with the counts, when the process or the thread ends, however it does;
 *   it says whether the process has to fail.
 * @param page that it is served from the start on, not from the first generator.
 * @param isLauncher whether a child of this process is the program: what is asked for by a signal is open there.
 * @returns what `install` returns.
 */
export function watch(
  run: Run,
  trace: Trace | undefined,
  atEnd: (report: ProcessReport) => boolean,
  page?: { readonly opens: boolean },
  isLauncher = false,
): (() => Promise<void>) | undefined {
  const { cwd, options, shutdownTimeout, signal, hasLanes, startedAt, live } = run.settings;
  const notes = new Notes();
  // At the end its file may be another one, or gone.
  const resolved = loadOptions(cwd, options);
  const findLoaders = install({ cwd, options, resolved, watcher: notes.watcher(run) });
  noteEvaluated((file) => notes.add('evaluated', file));
  noteChildren(notes.add, Run.preload);
  // A worker knows nothing of the program: it has no path among its arguments.
  if (isMainThread) trace?.nameOf('process', basename(process.argv[1] ?? 'node'));
  trace?.nameOf('thread', isMainThread ? 'main' : `worker ${threadId}`);
  // A worker may be the first to have a generator.
  const counts = new Counts(() => live !== undefined && show(false));
  const left = new Left(cwd);
  const lanes = hasLanes ? new Lanes(startedAt, left) : undefined;
  const timeline = new Timeline([
    recordInto(counts),
    left,
    ...(lanes ? [lanes] : []),
    ...(trace ? [traceInto(trace)] : []),
    // Others may have no generator at all: npm, which starts the program.
    ...(live !== undefined ? [{ begun: () => show(false) }] : []),
  ]);
  const workers = new Map<number, WeakRef<Worker>>();
  preloadInWorkers(
    Run.preload,
    live === undefined ? undefined : (worker) => workers.set(worker.threadId, new WeakRef(worker)),
  );
  let isShown = false;
  const show = (opens: boolean): void => {
    if (isShown || lanes === undefined) return;
    isShown = true;
    const sources = { cwd, startedAt, counts, left, lanes, timeline };
    // Loaded for `--live` alone.
    const { answerQuestions, goLive } = require('./live.cjs') as {
      answerQuestions: AnswerLive;
      goLive: GoLive;
    };
    if (!isMainThread) return answerQuestions(sources);
    void goLive(sources, { port: live!, opens, workers });
  };
  if (page !== undefined) show(page.opens);
  const tracker = trackAsyncGens({
    onAbandoned: () => {},
    afterShutdown: 'allow',
  });
  leaveRecord(() => ({ cwd, rows: left.open(timeline.lives) }));
  if (signal !== undefined && isMainThread && !isLauncher) {
    // Loaded when somebody asks.
    const showHere = (): void => {
      const { showOpen } = require('./report.cjs') as {
        showOpen(rows: readonly LeftRow[], cwd: string): void;
      };
      showOpen(left.open(timeline.lives), cwd);
    };
    process.on(signal, showHere);
  }

  const tell = (isCutOff: boolean): boolean => {
    // It is too late for a page.
    isShown = true;
    left.finish();
    lanes?.finish();
    trace?.close();
    const rows = counts.rows();
    const asked = [readOwn(options, 'include') ?? []].flat() as string[];
    const files = summarize(
      notes,
      cwd,
      resolved,
      asked,
      () => require('picomatch'),
      rows.length > 0,
    );
    return atEnd({
      rows,
      left: left.rows(),
      lanes: lanes?.threads() ?? [],
      isCutOff,
      ...files,
    });
  };
  closeAndTellAtEnd(timeline, tracker, shutdownTimeout, tell);
  return findLoaders;
}
