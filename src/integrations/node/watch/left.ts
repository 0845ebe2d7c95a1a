/** What the report says of the generators that a program left: where they are, and who began them. */
import module from 'node:module';
import { fileURLToPath } from 'node:url';
import { relative } from 'node:path';
import type { AnyAsyncGenerator, AsyncGenPlace, AsyncGenSite } from '../../../runtime/index.js';
import type { LateStack } from '../../../late-stack.js';
import { framesBelow } from '../loader/stack-traces.js';
import { sourcePlace } from './source-place.js';
import { ThreadBox } from './threads.js';
import type { Life, Timeline, TimelineListener } from './timeline.js';

/** Where a generator was first iterated. */
export interface Beginning {
  /** Relative to the folder of the run. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 0-based. */
  readonly column: number;
  /** The function that did; absent at the top level of a file. */
  readonly function?: string;
}

/** Generators of one function that were left alike. */
export interface LeftGenerators {
  /**
   * `abandoned`: the program had dropped them. Else what they were at when the program came to its
   * end: waiting at a `yield` (`suspended`), in a step (`running`), or in one after a `return()`
   * (`closing`).
   */
  readonly state: 'abandoned' | 'suspended' | 'running' | 'closing';
  /** The `yield` that they are suspended at. */
  readonly parked?: AsyncGenPlace;
  /** The `await` of the step that is pending, where V8 was asked for it. */
  readonly awaits?: AsyncGenPlace;
  readonly begun?: Beginning;
  readonly count: number;
  /** For how long the one that waits longest had been waiting, in milliseconds; absent where nobody watched. */
  readonly longest?: number;
  /** How many of them did not close in the time that they were given. */
  readonly stuck: number;
}

export type LeftRow = LeftGenerators & { readonly site: AsyncGenSite };

type Kind = { -readonly [Name in keyof LeftRow]: LeftRow[Name] };

/** Between the first step and the program there may be functions of Node, as those of streams. */
const FRAMES = 8;

/** Listens for the generators that a thread leaves, and keeps them by their kinds. */
export class Left implements TimelineListener {
  readonly #box = new ThreadBox<LeftRow>('left');
  readonly #callers = new Map<Life, LateStack<string | undefined>>();
  readonly #kinds = new Map<string, Kind>();
  /** Those that were asked to close and have not done so. */
  readonly #asked = new Map<Life, Kind>();
  /** Places come from frames as they are, and are the user's when somebody asks. */
  readonly #beginnings = new Map<string, Beginning>();

  constructor(private readonly cwd: string) {}

  begun(life: Life, _now: number, gen: AnyAsyncGenerator): void {
    // A first `return()` or `throw()` ends it at once.
    this.#callers.set(life, framesBelow(gen.next, FRAMES, callerIn));
  }

  ended(life: Life, outcome: string): void {
    // What the shutdown has closed is told already.
    if (outcome === 'abandoned' && !life.isLeft)
      this.#add(this.#kinds, life, 'abandoned', Date.now() - life.handle.steppedAt);
    this.#callers.get(life)?.forget();
    this.#callers.delete(life);
    this.#asked.delete(life);
  }

  left(life: Life, now: number, since: number | undefined, isAsked: boolean): void {
    const kind = this.#addOpen(this.#kinds, life, now, since);
    if (isAsked) this.#asked.set(life, kind);
  }

  /** Those that are open now; they are not left. */
  open(lives: Timeline['lives']): LeftRow[] {
    const kinds = new Map<string, Kind>();
    const now = performance.now();
    for (const { life, since } of lives) this.#addOpen(kinds, life, now, since);
    return [...kinds.values()];
  }

  /** At the end of the thread. */
  finish(): void {
    for (const kind of this.#asked.values()) kind.stuck++;
    for (const kind of this.#kinds.values()) this.#box.leave(kind);
    this.#kinds.clear();
  }

  /** Those of all threads that came to their end. */
  rows(): readonly LeftRow[] {
    return this.#box.all();
  }

  /** What took the first step of one that is open: a text for `beginning`. */
  callerOf(life: Life): string | undefined {
    return this.#callers.get(life)?.read();
  }

  beginning(caller: string): Beginning {
    let found = this.#beginnings.get(caller);
    if (found === undefined) this.#beginnings.set(caller, (found = placeOf(caller, this.cwd)));
    return found;
  }

  #addOpen(kinds: Map<string, Kind>, life: Life, now: number, since: number | undefined): Kind {
    const { state, steppedAt } = life.handle;
    const waits = since === undefined ? Date.now() - steppedAt : now - since;
    return this.#add(
      kinds,
      life,
      state === 'created' || state === 'closed' ? 'running' : state,
      waits,
    );
  }

  #add(kinds: Map<string, Kind>, life: Life, state: LeftRow['state'], waits: number): Kind {
    const { site, parked } = life.handle;
    const caller = this.callerOf(life);
    const key = JSON.stringify([site, state, parked, caller]);
    let kind = kinds.get(key);
    if (kind === undefined) {
      const begun = caller === undefined ? undefined : this.beginning(caller);
      const more = { ...(parked && { parked }), ...(begun && { begun }) };
      kinds.set(key, (kind = { site, state, ...more, count: 0, longest: 0, stuck: 0 }));
    }
    kind.count++;
    kind.longest = Math.max(kind.longest!, Math.round(waits));
    return kind;
  }
}

/** A text, since there may be as many as generators: most of them are equal. */
function callerIn(frames: readonly NodeJS.CallSite[]): string | undefined {
  for (const frame of frames) {
    const file = frame.getFileName();
    if (file === null || file === undefined || file.startsWith('node:')) continue;
    const name = frame.getFunctionName() ?? '';
    return `${frame.getLineNumber()}:${frame.getColumnNumber()}:${name}\0${file}`;
  }
  return undefined;
}

/** In the source that the user wrote. */
function placeOf(caller: string, cwd: string): Beginning {
  const [frame, file] = caller.split('\0') as [string, string];
  const [, row, position, name] = /^(\d+):(\d+):(.*)$/s.exec(frame)!;
  const at = { source: file, line: Number(row), column: Number(position) - 1 };
  const map = module.findSourceMap(file);
  const { source, line, column } = (map && sourcePlace(map, at.line - 1, at.column)) ?? at;
  const path = source.startsWith('file:') ? fileURLToPath(source) : source;
  const shown = relative(cwd, path).replaceAll('\\', '/');
  return { file: shown, line, column, ...(name ? { function: name } : {}) };
}

/**
 * Key on `globalThis` of what a watched thread tells whoever asks its inspector: `asyncgen-hooks ps`. The number
 * is the format.
 */
export const WATCH_KEY = 'asyncgen-hooks/watch/1';

export interface WatchRecord {
  /** The folder that files are relative to. */
  readonly cwd: string;
  readonly rows: readonly LeftRow[];
}

/** @param describe called whenever somebody asks. */
export function leaveRecord(describe: () => WatchRecord): void {
  const value = Object.freeze({ describe: () => JSON.stringify(describe()) });
  // Where globalThis is frozen it answers false, and the process is as one that nobody watches.
  Reflect.defineProperty(globalThis, Symbol.for(WATCH_KEY), {
    __proto__: null,
    value,
  } as PropertyDescriptor);
}
