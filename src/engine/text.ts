/** Reads and writes of the text itself, where the parser does not say what is needed. */

/** A string literal. What would end a script in a page is written so that it does not. */
export const quoted = (text: string): string =>
  JSON.stringify(text)
    .replace(/<(?=\/script|!--)/gi, '\\x3c')
    .replace(/[\u2028\u2029]/g, (char) => (char === '\u2028' ? '\\u2028' : '\\u2029'));

/** Names that a file does not have. What stands in its strings and comments is taken for a name, too. */
export class FreeNames {
  readonly #code: string;
  #taken: Set<string> | undefined;

  constructor(code: string) {
    this.#code = code;
  }

  /** `_name`, or one like it. */
  take(name: string): string {
    return this.takeAs(`_${name}`);
  }

  takeAs(wanted: string): string {
    this.#taken ??= wordsOf(this.#code);
    const stem = /\d$/.test(wanted) ? `${wanted}_` : wanted;
    let free = stem;
    for (let i = 2; this.#taken.has(free); i++) free = `${stem}${i}`;
    this.#taken.add(free);
    return free;
  }
}

const WORDS = /[\p{ID_Continue}$\u200c\u200d]+/gu;
/** The same where all is ASCII; far quicker. */
const ASCII_WORDS = /(?<![\w$])(?:_|mockAsyncgenHooks_)[\w$]*/g;
const ESCAPE = /\\u(?:\{([\da-f]+)\}|([\da-f]{4}))/gi;

/** All that may be a name and begins as ours do. */
function wordsOf(code: string): Set<string> {
  const words = new Set<string>(code.match(ASCII_WORDS));
  const addAll = (text: string): void => {
    for (const [word] of text.matchAll(WORDS)) if (/^(?:_|mock)/.test(word)) words.add(word);
  };
  if (/[^\0-\x7f]/.test(code)) addAll(code);
  if (code.includes('\\u'))
    addAll(
      code.replace(ESCAPE, (all, long: string | undefined, short: string | undefined) => {
        const point = parseInt(long ?? short!, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : all;
      }),
    );
  return words;
}

/** Where the white space and the comments end that begin at `from`. */
export function gapEnd(code: string, from: number): number {
  let at = from;
  for (;;) {
    SPACE.lastIndex = at;
    SPACE.test(code);
    at = SPACE.lastIndex || at;
    if (code.startsWith('//', at)) at = lineEnd(code, at);
    else if (code.startsWith('/*', at)) at = code.indexOf('*/', at + 2) + 2;
    else return at;
  }
}

const SPACE = /\s*/y;
const LINE_END = /[\n\r\u2028\u2029]/g;

/** Where the line of a place ends. */
export function lineEnd(code: string, from: number): number {
  LINE_END.lastIndex = from;
  return LINE_END.exec(code)?.index ?? code.length;
}

export const isSpace = (unit: number): boolean =>
  unit === 0x20 ||
  (unit < 0x20 && unit > 0x08) ||
  (unit > 0x7f && /\s/.test(String.fromCharCode(unit)));

/** A unit of a name or a number; of what is not ASCII, all but white space. */
export const isWordUnit = (unit: number): boolean =>
  (unit >= 0x61 && unit <= 0x7a) ||
  (unit >= 0x41 && unit <= 0x5a) ||
  (unit >= 0x30 && unit <= 0x39) ||
  unit === 0x5f ||
  unit === 0x24 ||
  (unit > 0x7f && !isSpace(unit));

/** Where the next `token` begins behind `from`, with comments passed by; there has to be one. */
export function find(code: string, token: string, from: number): number {
  let at = gapEnd(code, from);
  while (!code.startsWith(token, at)) at = gapEnd(code, at + 1);
  return at;
}
