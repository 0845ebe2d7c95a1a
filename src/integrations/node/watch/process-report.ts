import type { Row } from './counts.js';
import type { LeftRow } from './left.js';
import type { Fate } from './notes.js';

/** Async generators that ran, or may have run, where nobody saw them. */
export interface Unwatched {
  readonly reason: Reason;
  /** A file, or the command line of a process. */
  readonly what: string;
}

export type Reason = Exclude<Fate, 'seen' | 'compiled'> | 'dependency';

/** No file at all; files, none of which has an async generator; or files that have some. */
export type Watched = (typeof WATCHED)[number];
export const WATCHED = ['no file', 'no generator', 'generators'] as const;

/** A dependency that was to be compiled. */
export interface Dependency {
  readonly name: string;
  /** Of its package.json; absent if none of its files was loaded. */
  readonly version?: string;
  /** How many of its files were loaded. */
  readonly files: number;
}

/** What a process has to tell of itself and its workers. */
export interface ProcessReport {
  readonly watched: Watched;
  readonly unwatched: readonly Unwatched[];
  readonly dependencies: readonly Dependency[];
  /** Globs of `include` that matched no file that was loaded. */
  readonly idleGlobs: readonly string[];
  readonly rows: readonly Row[];
  readonly left: readonly LeftRow[];
  /** It ended at once, by `process.exit()` or an error, and generators were open. */
  readonly isCutOff: boolean;
}
