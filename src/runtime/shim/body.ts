import { registry, type BodyCalls, type BodyRecord, type GeneratorLink } from '../registry.js';

/** The generator whose body is about to start: its first step left it here. */
let starting: GeneratorLink | null = null;

/** The body of `link` is about to start: its first statement is `enter()`. */
export function startNext(link: GeneratorLink): void {
  starting = link;
}

/**
 * What compiled code calls first in each body: returns what the body calls from then on.
 *
 * @param _marker `'asyncgen-hooks'`, by which `toString()` finds the call in the function's text.
 * @param keepsRecord the body asks for its signal, or hands one on: it needs a record of its own
 *   even where nobody watches.
 */
export function enter(_marker: string, keepsRecord?: boolean): BodyCalls {
  const link = starting;
  if (link === null) return QUIET;
  starting = null;
  const { record } = link;
  if (record === QUIET || record === QUIET_LOWERED)
    return keepsRecord && registry.api ? registry.api.keepRecord(link) : QUIET;
  return record.enter();
}

/**
 * The record of all bodies that nobody watches. What is shared by all can keep nothing. (Engines
 * put these methods in line: a `yield` in a quiet body costs what a native one costs.) `textOf`
 * writes the same into a function's text.
 */
export class Quiet implements BodyRecord {
  declare readonly isPlain: false;
  declare readonly handle: undefined;

  constructor(readonly hasBegun: boolean) {}

  item(value: unknown): unknown {
    return value;
  }

  from(iterable: unknown): unknown {
    return iterable;
  }

  over(iterable: unknown): unknown {
    return iterable;
  }

  result(value?: unknown): unknown {
    return value;
  }

  failed(_error: unknown): boolean {
    return true;
  }

  ended(): void {}

  ask(): void {}

  cancel(): void {}

  enter(): BodyCalls {
    return this;
  }

  /** A body that began before the hooks API was there has nobody who could abort it. */
  signal(): AbortSignal {
    return new AbortController().signal;
  }
}
(Quiet.prototype as { isPlain: boolean }).isPlain = false;

/** No step was taken yet. */
export const NOT_BEGUN: BodyRecord = new Quiet(false);
/** Begun while nobody watched, over a native body: a step is the body's own. */
export const QUIET: BodyRecord = new Quiet(true);
/** The same over a lowered body. */
export const QUIET_LOWERED: BodyRecord = new Quiet(true);
