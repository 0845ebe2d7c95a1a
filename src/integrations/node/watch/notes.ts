import { BroadcastChannel, isMainThread, receiveMessageOnPort } from 'node:worker_threads';
import type { Watcher } from '../loader/compile.js';
import type { Run } from './run.js';

/** What became of a file that was loaded, or why what it holds is not watched. */
export type Fate =
  /** It was looked at. */
  | 'seen'
  /** It has async generators, and they are hooked. */
  | 'compiled'
  /** The globs leave it out, or it is a dependency; nobody looked at it. */
  | 'excluded'
  | 'lowered'
  | 'unreadable'
  /** Node loaded it where our hooks did not see it. */
  | 'unhooked'
  /** Somebody else loaded it, and ran its text with `node:vm`. */
  | 'evaluated'
  /** A Node process that was started without our flag. */
  | 'process'
  /** A process of Bun or Deno. */
  | 'runtime';

export interface Note {
  readonly fate: Fate;
  /** A file, or the command line of a process. */
  readonly what: string;
}

const CHANNEL = 'asyncgen-hooks/notes';

/** The notes of this thread and, in the main thread, those of the process's other threads. */
export class Notes {
  readonly #keys = new Set<string>();
  readonly #all: Note[] = [];
  readonly #channel = new BroadcastChannel(CHANNEL);

  constructor() {
    (this.#channel as unknown as { unref(): void }).unref();
    if (isMainThread)
      this.#channel.onmessage = (event) => this.#keep((event as { data: Note }).data);
  }

  readonly add = (fate: Fate, what: string): void => {
    if (this.has(fate, what)) return;
    const note = { fate, what };
    this.#keep(note);
    // It is in the main thread's queue when this returns, whatever becomes of this thread.
    if (!isMainThread) this.#channel.postMessage(note);
  };

  /** For the loader: what was lowered is told once in a run. */
  watcher(run: Run): Watcher {
    return { tell: this.add, claim: () => run.claim('lowered') };
  }

  has(fate: Fate, what: string): boolean {
    return this.#keys.has(`${fate} ${what}`);
  }

  all(): readonly Note[] {
    // What arrived since the last turn of the event loop.
    for (let got; isMainThread && (got = receiveMessageOnPort(this.#channel as never));)
      this.#keep(got.message as Note);
    return this.#all;
  }

  #keep(note: Note): void {
    this.#keys.add(`${note.fate} ${note.what}`);
    this.#all.push(note);
  }
}
