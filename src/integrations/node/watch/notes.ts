import type { Watcher } from '../loader/compile.js';
import type { Run } from './run.js';
import { ThreadBox } from './threads.js';

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

/** The notes of this thread and, in the main thread, those of the process's other threads. */
export class Notes {
  readonly #keys = new Set<string>();
  readonly #all = new ThreadBox<Note>('notes', ({ fate, what }) => this.#mark(fate, what));

  readonly add = (fate: Fate, what: string): void => {
    if (this.has(fate, what)) return;
    this.#mark(fate, what);
    this.#all.leave({ fate, what });
  };

  /** For the loader: what was lowered is told once in a run. */
  watcher(run: Run): Watcher {
    return { tell: this.add, claim: () => run.claim('lowered') };
  }

  has(fate: Fate, what: string): boolean {
    return this.#keys.has(`${fate} ${what}`);
  }

  all(): readonly Note[] {
    return this.#all.all();
  }

  #mark(fate: Fate, what: string): void {
    this.#keys.add(`${fate} ${what}`);
  }
}
