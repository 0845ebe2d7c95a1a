/** The report's page, fed while the program runs. A file of its own in `dist`, for `--live` alone. */
import { elapsed, startIdleTimer } from '../../../time.js';
import { quote } from '../../../messages.js';
import { packLanes, type ReportLanes } from '../report/lanes.js';
import { openPage } from '../report/open-page.js';
import { print } from '../report/outputs.js';
import { pageData, pageOf, sourcesOf, type Sources } from '../report/page.js';
import { makeReport, type GeneratorReport, type Report } from '../report/report.js';
import type { ThreadLanes } from '../watch/lanes.js';
import type { GoLive, LiveSources } from '../watch/watch.js';
import { serve } from './server.js';

/** How often the page hears of what has changed, in milliseconds. */
const PAUSE = 500;
/** The page takes no more of the program's time than a part of it: so many times as long as news took, it waits. */
const PART = 20;
/** Of so many lanes at once; those that are left out come with the next news. */
const MOST_LANES = 500;
/** Of so many open ones, what they are at. */
const MOST_OPEN = 5000;

/** What the page hears. */
export interface News {
  /** In milliseconds since the run began. */
  readonly now: number;
  readonly generators: readonly GeneratorReport[];
  readonly lanes: ReportLanes;
  /** Lanes that were forgotten. */
  readonly forgotten: readonly number[];
  /** Of the open ones, by their lanes: since when a step is pending (`null`: none is), and whether it is one to close. */
  readonly open: readonly (readonly [id: number, since: number | null, isClosing: boolean])[];
  readonly sources: Sources;
}

export const goLive: GoLive = async (watched, { port, opens }) => {
  const listeners = new Set<(text: string) => void>();
  const feed = new Feed(watched);
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
    close(id: number) {
      const handle = watched.lanes.lifeOf(id)?.handle;
      if (handle === undefined || handle.state === 'closed') return false;
      handle.abort();
      // What it fails with is told by its lane.
      handle.step('return').catch(() => {});
      return true;
    },
  };
  try {
    const url = await serve(pages, port).catch((error: unknown) => {
      if (port === 0) throw error;
      // Another process of the run may have it.
      return serve(pages, 0);
    });
    print(2, `asyncgen-hooks: process ${process.pid} is shown at ${url}\n`);
    if (opens) openPage(url);
  } catch (error) {
    print(2, `asyncgen-hooks: --live, there is no port to listen on (${quote(error)}).\n`);
  }
};

class Feed {
  #generators = '';

  constructor(private readonly watched: LiveSources) {}

  /** @param hasLanes whether it has them; to show them takes time. */
  report(hasLanes = true): Report {
    const { cwd, startedAt, counts, left, lanes, timeline } = this.watched;
    const own = {
      watched: 'generators' as const,
      unwatched: [],
      dependencies: [],
      idleGlobs: [],
      rows: counts.rows(),
      left: left.open(timeline.lives),
      lanes: hasLanes ? [lanes.all()] : [],
      isCutOff: false,
    };
    return makeReport({ cwd, startedAt }, [own], []);
  }

  all(): News {
    return this.#newsOf({ ...this.watched.lanes.all(), forgotten: [] });
  }

  /** What has changed since it was last asked for. */
  news(): News {
    return this.#newsOf(this.watched.lanes.takeChanged(MOST_LANES));
  }

  #newsOf({ forgotten, ...thread }: ThreadLanes & { forgotten: readonly number[] }): News {
    const { startedAt, timeline, cwd } = this.watched;
    const offset = performance.timeOrigin - startedAt;
    const lanes = packLanes([thread]);
    const { generators } = this.report(false);
    const text = JSON.stringify(generators);
    const isNew = text !== this.#generators;
    this.#generators = text;
    return {
      now: performance.now() + offset,
      generators,
      lanes,
      forgotten,
      open: timeline.lives
        .slice(-MOST_OPEN)
        .map(({ life, since }) => [
          life.id,
          since === undefined ? null : since + offset,
          life.handle.state === 'closing',
        ]),
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
