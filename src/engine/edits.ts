import { MapBuilder, type Place, type RawMap } from './map.js';

/**
 * What is put in at one place stands in this order:
 *
 * | rank    | what                                                          | among its own          |
 * |---------|---------------------------------------------------------------|------------------------|
 * | `END`   | what ends a node that ends there                              | the inner node first   |
 * | `TOP`   | what comes first in a block, or in the file                   | by `order`             |
 * | `CLOSE` | what comes last in a block                                    | as it came             |
 * | `START` | what begins a node that begins there                          | the outer node first   |
 */
const END = 0;
const TOP = 1;
const CLOSE = 2;
const START = 3;

/** A text, or what gives it in the end. */
type Text = string | (() => string);

/** The level of a call of the shim around a function: inside of what the body puts around it. */
export const AROUND_FUNCTION = 1;

interface Insert {
  readonly at: number;
  readonly rank: number;
  /** What goes before what, among those of one rank: the smaller one first, then the next number. */
  readonly order: readonly [number, number, number];
  readonly text: Text;
  /** Where in the source it maps to, if it does. */
  readonly place: Place | undefined;
}

interface Removal {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A part of the source that stays: where it begins in the text, where in the source, and its length. */
export type Kept = readonly [at: number, from: number, length: number];

export interface Rendered {
  readonly code: string;
  map: RawMap;
  readonly kept: readonly Kept[];
}

interface Range {
  readonly start?: number | null | undefined;
  readonly end?: number | null | undefined;
}

/**
 * The text of a file, and what goes into it. Nothing is moved, and no line break is taken out or
 * put in.
 */
export class Edits {
  readonly #inserts: Insert[] = [];
  readonly #removals: Removal[] = [];
  readonly #ended = new Set<Range>();
  #count = 0;

  constructor(readonly code: string) {}

  get isEmpty(): boolean {
    return this.#inserts.length === 0;
  }

  /**
   * Puts texts around a node. Of two around the same node the first is the outer one, unless their
   * `level` says otherwise: that of the higher level is the inner one.
   */
  wrap({ start, end }: Range, before: Text, after: string, level = 0): void {
    const n = this.#count++;
    // A call around a function is, to who counts statements, what stands in its place.
    const place = level === AROUND_FUNCTION ? start! : undefined;
    this.#put(start!, START, [-end!, level, n], before, place);
    this.#put(end!, END, [-start!, -level, -n], after);
  }

  /** What comes first in a block, behind what opens it; `order` is for what stands in one place. */
  top(at: number, text: string, order = 0): void {
    this.#put(at, TOP, [order, this.#count++, 0], text);
  }

  /** What comes last in a block, in front of what closes it. */
  close(at: number, text: string, place?: Place): void {
    this.#put(at, CLOSE, [this.#count++, 0, 0], text, place);
  }

  /** In front of a node, and of all that goes around it. */
  before({ start }: Range, text: string, place?: Place): void {
    this.#put(start!, START, [-Infinity, 0, this.#count++], text, place);
  }

  /** Behind a node, and all that goes around it. */
  after({ end }: Range, text: string, place?: Place): void {
    this.#put(end!, END, [Infinity, 0, this.#count++], text, place);
  }

  /** Behind a token that ends a node, in front of all that goes around that. */
  fill(at: number, text: string): void {
    this.#put(at, END, [-Infinity, 0, this.#count++], text);
  }

  /** Ends a statement that has no semicolon with one. */
  endStatement(statement: Range): void {
    if (this.#ended.has(statement) || this.code[statement.end! - 1] === ';') return;
    this.#ended.add(statement);
    // V8 counts what follows a `return` from there on.
    this.after(statement, ';', statement.end! - 1);
  }

  /** Puts a text in the place of a token or an expression, which has no edits inside. Its line breaks stay. */
  replace({ start, end }: Range, text: string): void {
    const breaks = this.code.slice(start!, end!).match(LINE_BREAK)?.join('') ?? '';
    this.#removals.push({ start: start!, end: end!, text: text + breaks });
  }

  #put(at: number, rank: number, order: Insert['order'], text: Text, place?: Place): void {
    this.#inserts.push({ at, rank, order, text, place });
  }

  /** The text with all that was put in, and its map to the source. */
  render(source: string): Rendered {
    const { code } = this;
    const inserts = this.#inserts.sort(compare);
    const removals = this.#removals.sort((a, b) => a.start - b.start);
    const map = new MapBuilder(code);
    const parts: string[] = [];
    const kept: Kept[] = [];
    let length = 0;
    let last = '';
    const put = (text: string, place?: Place): void => {
      if (text === '') return;
      // What was two words may not become one, nor `+` and `+` an increment.
      const joined = needsSpace(last, text) ? ` ${text}` : text;
      parts.push(joined);
      length += joined.length;
      map.put(joined, place);
      last = joined;
    };
    const keep = (start: number, end: number): void => {
      if (start >= end) return;
      if (needsSpace(last, code.slice(start, start + 2))) put(' ');
      const text = code.slice(start, end);
      parts.push(text);
      kept.push([length, start, text.length]);
      length += text.length;
      map.keep(start, end);
      last = text;
    };
    let from = 0;
    let next = 0;
    const keepUpTo = (end: number): void => {
      for (; next < removals.length && removals[next]!.start < end; next++) {
        const { start, end, text } = removals[next]!;
        keep(from, start);
        put(text, start);
        from = end;
      }
      if (from >= end) return;
      keep(from, end);
      from = end;
    };
    for (const { at, text, place } of inserts) {
      keepUpTo(at);
      put(typeof text === 'string' ? text : text(), place);
    }
    keepUpTo(code.length);
    return { code: parts.join(''), map: map.build(source), kept };
  }
}

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/g;
/** A half of a letter beyond the BMP is one, too. */
const WORD = /[\p{ID_Continue}$\u200c\u200d\\#@\ud800-\udfff]/u;

const isWord = (text: string, at: number): boolean => WORD.test(text[at]!);

function needsSpace(before: string, after: string): boolean {
  if (before === '' || after === '') return false;
  const end = before.length - 1;
  if (isWord(before, end) && isWord(after, 0)) return true;
  const [a, b] = [before[end]!, after[0]!];
  return (a === '+' && b === '+') || (a === '-' && b === '-') || (a === '/' && '/*'.includes(b));
}

function compare(a: Insert, b: Insert): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.rank !== b.rank) return a.rank - b.rank;
  for (let i = 0; i < 3; i++) {
    // Infinity less itself is no number.
    if (a.order[i] !== b.order[i]) return a.order[i]! < b.order[i]! ? -1 : 1;
  }
  return 0;
}
