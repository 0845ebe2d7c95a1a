import { BroadcastChannel } from 'node:worker_threads';
import type { Lane, ThreadLanes } from '../watch/lanes.js';
import type { LeftRow } from '../watch/left.js';
import type { StartedWorkers } from '../watch/watch.js';
import { ANSWERS, QUESTIONS, type OpenLane, type Question, type ThreadNews } from './news.js';

/** What the worker threads of this process have said. One that is busy says nothing, and stays as it was. */
export class LiveThreads {
  readonly #questions = new BroadcastChannel(QUESTIONS);
  /** By thread and by the number of the lane. */
  readonly #lanes = new Map<number, Map<number, Lane>>();
  readonly #last = new Map<number, ThreadNews>();
  readonly #over = new Set<number>();
  #news: ThreadNews[] = [];

  /**
   * @param finished the lanes of threads that have come to their end.
   * @param started a worker that was terminated, and says nothing, has no thread any more.
   */
  constructor(
    private readonly finished: () => readonly ThreadLanes[],
    private readonly started: StartedWorkers,
  ) {
    const answers = new BroadcastChannel(ANSWERS);
    for (const channel of [this.#questions, answers])
      (channel as unknown as { unref(): void }).unref();
    answers.onmessage = (event) => this.#hear((event as { data: ThreadNews }).data);
  }

  /** They answer in a later turn. */
  ask(question: Question = 'news'): void {
    this.#questions.postMessage(question);
  }

  /** What they have said since, and how those ended that are over. */
  take(): ThreadNews[] {
    this.#lookForEnds();
    const news = this.#news;
    this.#news = [];
    return news;
  }

  #lookForEnds(): void {
    for (const thread of this.finished()) this.#end(thread);
    for (const [thread, last] of this.#last)
      if (!this.#over.has(thread) && this.#isGone(thread)) this.#end(this.#cutOff(last));
  }

  /** All lanes, for who asks for the first time. */
  all(): ThreadNews[] {
    this.#lookForEnds();
    return [...this.#last.values()].map((last) => ({
      ...last,
      lanes: [...this.#lanes.get(last.thread)!.values()],
      forgotten: [],
    }));
  }

  get left(): LeftRow[] {
    return [...this.#last.values()].flatMap(({ left }) => left);
  }

  get open(): (readonly [thread: number, ...OpenLane])[] {
    return [...this.#last.values()].flatMap(({ thread, open }) =>
      open.map((each) => [thread, ...each] as const),
    );
  }

  has(thread: number, id: number): boolean {
    return this.#last.get(thread)?.open.some(([open]) => open === id) ?? false;
  }

  #hear(news: ThreadNews): void {
    const { thread } = news;
    if (this.#over.has(thread)) return;
    let lanes = this.#lanes.get(thread);
    if (lanes === undefined) this.#lanes.set(thread, (lanes = new Map()));
    for (const lane of news.lanes) lanes.set(lane.id, lane);
    for (const id of news.forgotten) lanes.delete(id);
    this.#last.set(thread, news);
    this.#news.push(news);
  }

  #end(lanes: ThreadLanes): void {
    if (this.#over.has(lanes.thread)) return;
    this.#hear({ ...lanes, forgotten: [], open: [], left: [] });
    this.#over.add(lanes.thread);
  }

  /** A worker that nobody holds is there until it has ended. */
  #isGone(thread: number): boolean {
    const worker = this.started.get(thread);
    return worker !== undefined && (worker.deref()?.threadId ?? -1) === -1;
  }

  /** What was open in a thread that had no time to say how it ends. */
  #cutOff(last: ThreadNews): ThreadLanes {
    const open = [...this.#lanes.get(last.thread)!.values()].filter(({ how }) => how === 'open');
    const lanes = open.map((lane): Lane => {
      const to = lane.steps.reduce((at, step, i) => at + (i % 5 < 2 ? step : 0), lane.from);
      return { ...lane, to, how: 'still open', isLeft: true };
    });
    return { pid: last.pid, thread: last.thread, lanes, more: last.more };
  }
}
