/** What a thread has to say to the page of a program that runs; worker threads say it to the main thread. */
import { BroadcastChannel, threadId } from 'node:worker_threads';
import type { ThreadLanes } from '../watch/lanes.js';
import type { LeftRow } from '../watch/left.js';
import type { AnswerLive, LiveSources } from '../watch/watch.js';

/** Since when a step is pending (`null`: none is), in milliseconds since the run began, and whether it is one to close. */
export type OpenLane = readonly [id: number, since: number | null, isClosing: boolean];

export interface ThreadNews extends ThreadLanes {
  /** Lanes that were forgotten since. */
  readonly forgotten: readonly number[];
  readonly open: readonly OpenLane[];
  /** What is open, as the table has it. */
  readonly left: readonly LeftRow[];
}

/** Of so many lanes at once; those that are left out come with the next news. */
const MOST_LANES = 500;
/** Of so many open ones, what they are at. */
const MOST_OPEN = 5000;

/** What has changed since it was last asked for. */
export const newsOf = (sources: LiveSources): ThreadNews => ({
  ...sources.lanes.takeChanged(MOST_LANES),
  ...openNow(sources),
});

/** Of all lanes. */
export const allOf = (sources: LiveSources): ThreadNews => ({
  ...sources.lanes.all(),
  forgotten: [],
  ...openNow(sources),
});

function openNow({ startedAt, left, timeline }: LiveSources): Pick<ThreadNews, 'open' | 'left'> {
  const offset = performance.timeOrigin - startedAt;
  const { lives } = timeline;
  return {
    open: lives
      .slice(-MOST_OPEN)
      .map(({ life, since }) => [
        life.id,
        since === undefined ? null : since + offset,
        life.handle.state === 'closing',
      ]),
    left: left.open(lives),
  };
}

/** Asks a generator to end. @returns whether there is such a one, open. */
export function closeLane({ lanes }: LiveSources, id: number): boolean {
  const handle = lanes.lifeOf(id)?.handle;
  if (handle === undefined || handle.state === 'closed') return false;
  handle.abort();
  // What it fails with is told by its lane.
  handle.step('return').catch(() => {});
  return true;
}

/** What the main thread asks of all workers. */
export type Question = 'news' | { readonly thread: number; readonly close: number };

/** Two, so that no worker gets what the others answer. */
export const QUESTIONS = 'asyncgen-hooks/live/questions';
export const ANSWERS = 'asyncgen-hooks/live/answers';

/** In a worker thread: answers what the main thread asks. Keeps no thread alive. */
export const answerQuestions: AnswerLive = (sources) => {
  const channel = new BroadcastChannel(QUESTIONS);
  (channel as unknown as { unref(): void }).unref();
  channel.onmessage = (event) => {
    const { data } = event as { data: Question };
    if (data !== 'news') {
      if (data.thread === threadId) closeLane(sources, data.close);
      return;
    }
    const answers = new BroadcastChannel(ANSWERS);
    answers.postMessage(newsOf(sources));
    answers.close();
  };
};
