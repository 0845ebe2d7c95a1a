/** A place in the source, as an offset. */
export type Place = number;

/** A source map, version 3. */
export interface RawMap {
  version: 3;
  names: string[];
  sources: string[];
  sourcesContent: (string | null)[];
  mappings: string;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function encode(number: number): string {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = '';
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}

const SMALL = Array.from({ length: 64 }, (_, i) => encode(i));
const vlq = (number: number): string => SMALL[number] ?? encode(number);

/** A segment so many columns behind the last one, in the source as in the text: `,` and four numbers. */
const step = (columns: number): string => `,${vlq(columns)}AA${vlq(columns)}`;
const STEPS = Array.from({ length: 64 }, (_, i) => step(i));

const SIGN = 0;
const WORD = 1;
const SPACE = 2;
const BREAK = 3;

/** By ASCII code: what goes on a word, a space, a line's end, and all else. */
const KINDS = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/[\n\r]/.test(char)) return BREAK;
  return /[\w$]/.test(char) ? WORD : /\s/.test(char) ? SPACE : SIGN;
});

function kindOf(code: number): number {
  if (code < 128) return KINDS[code]!;
  return code === 0x2028 || code === 0x2029 ? BREAK : WORD;
}

/**
 * Builds the map of a text that is the source with something put in. Each word and each sign of the
 * source has a segment, so that every place where a token begins maps to itself, column by column.
 * What was put in maps to nothing: a segment without a source.
 *
 * The parts come in order. No line is added or taken away, so a line of the one is the line of the
 * other. (A library that takes segments one by one, with decoded numbers, takes several times as
 * long; most of these are "one to the right in both".)
 */
export class MapBuilder {
  readonly #source: string;
  #mappings = '';
  /** Where the line begins, in the source. */
  #lineStart = 0;
  /** How far the text is, in its line. */
  #column = 0;
  #lastColumn = 0;
  #line = 0;
  #lastLine = 0;
  #lastSourceColumn = 0;
  #isFirst = true;

  constructor(source: string) {
    this.#source = source;
  }

  /**
   * A text that was put in. Each word and sign of it maps to nothing: tools that ask for a place in
   * it would else be told of what comes next. With a `place`, its first word is what stands there.
   */
  put(text: string, place: Place | undefined): void {
    let isPlaced = place === undefined;
    let wasWord = false;
    let hasBreak = false;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const kind = kindOf(code);
      if (kind === BREAK) {
        // Line breaks stay where tokens are taken out.
        if (code !== 13 || text.charCodeAt(at + 1) !== 10) this.#newLine();
        hasBreak = true;
        wasWord = false;
        continue;
      }
      if (kind === SIGN || (kind === WORD && !wasWord)) {
        if (isPlaced) this.#open();
        else this.#segment(place!);
        isPlaced = true;
      }
      wasWord = kind === WORD;
      this.#column++;
    }
    if (hasBreak) this.#lineStart = NaN;
  }

  /**
   * A part of the source that stays: most of the text, so it goes fast. Of each line the first
   * segment is a whole one, and each further one as far behind it in the text as in the source.
   */
  keep(start: number, end: number): void {
    const source = this.#source;
    if (Number.isNaN(this.#lineStart)) this.#lineStart = lineStartOf(source, start);
    let wasWord = false;
    /** What `#column` is the column of. */
    let from = start;
    /** The last segment of the line; negative before that. */
    let last = -1;
    for (let at = start; at < end; at++) {
      const code = source.charCodeAt(at);
      const kind = kindOf(code);
      if (kind === SIGN || (kind === WORD && !wasWord)) {
        if (last < 0) {
          this.#column += at - from;
          from = at;
          this.#segment(at);
        } else {
          const columns = at - last;
          this.#mappings += columns < STEPS.length ? STEPS[columns]! : step(columns);
        }
        last = at;
      } else if (kind === BREAK && (code !== 13 || source.charCodeAt(at + 1) !== 10)) {
        if (last >= 0) this.#lastSourceColumn = last - this.#lineStart;
        this.#newLine();
        this.#lineStart = from = at + 1;
        last = -1;
      }
      wasWord = kind === WORD;
    }
    this.#column += end - from;
    if (last < 0) return;
    this.#lastColumn = this.#column - (end - last);
    this.#lastSourceColumn = last - this.#lineStart;
  }

  #newLine(): void {
    this.#mappings += ';';
    this.#line++;
    this.#column = 0;
    this.#lastColumn = 0;
    this.#isFirst = true;
  }

  #open(): void {
    this.#mappings += (this.#isFirst ? '' : ',') + vlq(this.#column - this.#lastColumn);
    this.#lastColumn = this.#column;
    this.#isFirst = false;
  }

  #segment(place: number): void {
    let line = this.#line;
    let lineStart = this.#lineStart;
    if (Number.isNaN(lineStart) || place < lineStart) {
      lineStart = lineStartOf(this.#source, place);
      line = lineOf(this.#source, place);
    }
    this.#open();
    const column = place - lineStart;
    this.#mappings += 'A' + vlq(line - this.#lastLine) + vlq(column - this.#lastSourceColumn);
    this.#lastLine = line;
    this.#lastSourceColumn = column;
  }

  build(source: string): RawMap {
    return {
      version: 3,
      names: [],
      sources: [source],
      sourcesContent: [this.#source],
      mappings: this.#mappings,
    };
  }
}

function lineStartOf(source: string, at: number): number {
  let start = at;
  while (start > 0 && !/[\n\r\u2028\u2029]/.test(source[start - 1]!)) start--;
  return start;
}

const lineOf = (source: string, at: number): number =>
  source.slice(0, at).match(/\r\n|[\n\r\u2028\u2029]/g)?.length ?? 0;
