/**
 * Finds async generator functions in a text that nobody has parsed: `async`, a gap, `function` and a
 * gap or nothing, `*`. A gap is white space and comments. The word may stand in a string or a
 * comment, too: this answers where one may be.
 *
 * One regular expression would say the same, but an engine tries it at each `async` anew: where
 * comments hold many, or a string has what looks like the beginning of one, that takes quadratic
 * time, minutes for a megabyte. So the end of a gap is kept for each place where a comment begins,
 * and so is the newest end of each kind of comment that was searched for.
 */
export class AsyncStars {
  readonly #code: string;
  /** By the place where a comment begins: where the gap that goes on there ends. */
  readonly #ends = new Map<number, number>();
  readonly #lineEnds: Searched;
  readonly #blockEnds: Searched;

  constructor(code: string) {
    this.#code = code;
    this.#lineEnds = new Searched((from) => {
      LINE_END.lastIndex = from;
      return LINE_END.exec(code)?.index ?? code.length;
    });
    this.#blockEnds = new Searched((from) => {
      const at = code.indexOf('*/', from);
      return at < 0 ? Infinity : at;
    });
  }

  /** Where they begin, in ascending order; what one has in it is not looked at again. */
  *places(): Generator<number> {
    const code = this.#code;
    for (let at = code.indexOf(ASYNC); at >= 0;) {
      const end = isWordUnit(code.charCodeAt(at - 1)) ? -1 : this.#starEnd(at + ASYNC.length);
      if (end >= 0) yield at;
      at = code.indexOf(ASYNC, end >= 0 ? end : at + ASYNC.length);
    }
  }

  /** @returns where the star ends that follows the word `async`, or -1. */
  #starEnd(from: number): number {
    const code = this.#code;
    let at = this.#gapEnd(from);
    if (code.startsWith(FUNCTION, at)) at = this.#gapEnd(at + FUNCTION.length);
    return code.charCodeAt(at) === STAR ? at + 1 : -1;
  }

  #gapEnd(from: number): number {
    const passed: number[] = [];
    let at = from;
    for (;;) {
      at = this.#spaceEnd(at);
      const known = this.#ends.get(at);
      if (known !== undefined) {
        at = known;
        break;
      }
      const end = this.#commentEnd(at);
      if (end === Infinity) break;
      passed.push(at);
      at = end;
    }
    for (const place of passed) this.#ends.set(place, at);
    return at;
  }

  #spaceEnd(from: number): number {
    SPACE.lastIndex = from;
    return SPACE.test(this.#code) ? SPACE.lastIndex : from;
  }

  /** @returns `Infinity` where no comment begins, or one that does not end. */
  #commentEnd(at: number): number {
    if (this.#code.charCodeAt(at) !== SLASH) return Infinity;
    switch (this.#code.charCodeAt(at + 1)) {
      case SLASH:
        return Math.min(this.#lineEnds.at(at + 2) + 1, this.#code.length);
      case STAR:
        return this.#blockEnds.at(at + 2) + 2;
      default:
        return Infinity;
    }
  }
}

const ASYNC = 'async';
const FUNCTION = 'function';
const SLASH = 0x2f;
const STAR = 0x2a;
const LINE_END = /[\n\r\u2028\u2029]/g;
const SPACE = /\s+/y;

/** `\w` of regular expressions. Before the text stands nothing: NaN. */
const isWordUnit = (unit: number): boolean =>
  (unit >= 0x61 && unit <= 0x7a) ||
  (unit >= 0x41 && unit <= 0x5a) ||
  (unit >= 0x30 && unit <= 0x39) ||
  unit === 0x5f;

/** Keeps the newest answer: it holds for all places between where the search began and what it found. */
class Searched {
  #from = 0;
  #found = -1;

  constructor(readonly search: (from: number) => number) {}

  at(from: number): number {
    if (from < this.#from || from > this.#found) {
      this.#found = this.search(from);
      this.#from = from;
    }
    return this.#found;
  }
}

/**
 * Matches the text of every file that has an async generator function, and some others: it does
 * not look behind comments, and so takes linear time on any text.
 */
export const ASYNC_STAR = /\basync\s*(?:function\s*)?[*/]/;

/** A cheap test of the text: without this nothing has to be looked at. */
export const mayHaveGenerators = (code: string): boolean =>
  ASYNC_STAR.test(code) && !new AsyncStars(code).places().next().done;

/**
 * Whether one of the places, in ascending order, lies in a node. A bundle may have thousands.
 */
export function hasPlace(start: number, end: number, places: readonly number[]): boolean {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]! < start) low = middle + 1;
    else high = middle;
  }
  return low < places.length && places[low]! < end;
}
