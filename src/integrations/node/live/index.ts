/** The report's page, fed while the program runs. A file of its own in `dist`, for `--live` alone. */
import { threadId } from 'node:worker_threads';
import { elapsed, startIdleTimer } from '../../../time.js';
import { quote } from '../../../messages.js';
import { packLanes, type ReportLanes } from '../report/lanes.js';
import { openPage } from '../report/open-page.js';
import { print } from '../report/outputs.js';
import { pageData, pageOf, sourcesOf, type Sources } from '../report/page.js';
import { makeReport, type GeneratorReport, type Report } from '../report/report.js';
import type { GoLive, LiveSources, StartedWorkers } from '../watch/watch.js';
import { allOf, closeLane, newsOf, type OpenLane, type ThreadNews } from './news.js';
import { serve } from './server.js';
import { LiveThreads } from './threads.js';

export { answerQuestions } from './news.js';

/** How often the page hears of what has changed, in milliseconds. */
const PAUSE = 500;
/** The page takes no more of the program's time than a part of it: so many times as long as news took, it waits. */
const PART = 20;

/** What the page hears. */
export interface News {
  readonly pid: number;
  /** In milliseconds since the run began. */
  readonly now: number;
  readonly generators: readonly GeneratorReport[];
  readonly lanes: ReportLanes;
  /** Lanes that were forgotten. */
  readonly forgotten: readonly (readonly [thread: number, id: number])[];
  /** Of those that are open, what they are at. */
  readonly open: readonly (readonly [thread: number, ...OpenLane])[];
  readonly sources: Sources;
}

export const goLive: GoLive = async (watched, { port, opens, workers }) => {
  const listeners = new Set<(text: string) => void>();
  const feed = new Feed(watched, workers);
  let isTicking = false;
  const wait = (ms: number): void => {
    isTicking = listeners.size > 0;
    if (isTicking) startIdleTimer(ms, tick);
  };
  const tick = (): void => {
    const begin = elapsed();
    if (listeners.size > 0) {
      const text = JSON.stringify(feed.news());
      for (const send of listeners) send(text);
    }
    wait(Math.max(PAUSE, (elapsed() - begin) * PART));
  };
  const pages = {
    page: () => pageOf({ ...pageData(feed.report()), isLive: true }),
    listen(send: (text: string) => void) {
      send(JSON.stringify(feed.all()));
      listeners.add(send);
      if (!isTicking) wait(PAUSE);
      return () => void listeners.delete(send);
    },
    close: (thread: number, id: number) => feed.close(thread, id),
  };
  try {
    const url = await serve(pages, port).catch((error: unknown) => {
      if (port === 0) throw error;
      // Another process of the run may have it.
      return serve(pages, 0);
    });
    print(2, `asyncgen-hooks: process ${process.pid} is shown at ${url}\n`);
    if (opens) openPage(url, (text) => print(2, text));
  } catch (error) {
    print(
      2,
      `asyncgen-hooks: --live cannot listen on 127.0.0.1 (${quote(error)}). Allow that, or leave the option out.\n`,
    );
  }
};

class Feed {
  readonly #threads: LiveThreads;
  #generators = '';

  constructor(
    private readonly watched: LiveSources,
    workers: StartedWorkers,
  ) {
    this.#threads = new LiveThreads(() => watched.lanes.threads(), workers);
    this.#threads.ask();
  }

  /**
   * Of this thread and, in the table, of all.
   * @param hasLanes whether it has them; to show them takes time.
   */
  report(hasLanes = true): Report {
    const { cwd, startedAt, counts, left, lanes, timeline } = this.watched;
    const own = {
      watched: 'generators' as const,
      unwatched: [],
      dependencies: [],
      idleGlobs: [],
      rows: counts.rows(),
      left: [...left.open(timeline.lives), ...this.#threads.left],
      lanes: hasLanes ? [lanes.all()] : [],
      isCutOff: false,
    };
    return makeReport({ cwd, startedAt }, [own], []);
  }

  all(): News {
    return this.#newsOf(allOf(this.watched), this.#threads.all());
  }

  /** What has changed since it was last asked for; of workers, until they were last asked. */
  news(): News {
    const news = this.#newsOf(newsOf(this.watched), this.#threads.take());
    this.#threads.ask();
    return news;
  }

  /** @returns whether there is such a generator, open. */
  close(thread: number, id: number): boolean {
    if (thread === threadId) return closeLane(this.watched, id);
    if (!this.#threads.has(thread, id)) return false;
    this.#threads.ask({ thread, close: id });
    return true;
  }

  #newsOf(own: ThreadNews, others: readonly ThreadNews[]): News {
    const { startedAt, cwd } = this.watched;
    const threads = [own, ...others];
    const lanes = packLanes(
      threads.map(({ pid, thread, lanes, more }) => ({ pid, thread, lanes, more })),
    );
    const { generators } = this.report(false);
    const text = JSON.stringify(generators);
    const isNew = text !== this.#generators;
    this.#generators = text;
    return {
      pid: process.pid,
      now: performance.now() + performance.timeOrigin - startedAt,
      generators,
      lanes,
      forgotten: threads.flatMap(({ thread, forgotten }) =>
        forgotten.map((id) => [thread, id] as const),
      ),
      open: [...own.open.map((each) => [own.thread, ...each] as const), ...this.#threads.open],
      sources: isNew ? sourcesOf(cwd, placesOf(lanes)) : {},
    };
  }
}

function* placesOf({ sites, beginnings, threads }: ReportLanes): Generator<{
  file?: string;
  line?: number;
}> {
  yield* sites;
  yield* beginnings;
  for (const { lanes } of threads) for (const { parked } of lanes) if (parked) yield parked;
}
