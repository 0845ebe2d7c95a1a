import { hasPlace } from '../syntax/async-star.js';
import { isSpace, isWordUnit, lineEnd } from './text.js';

/** What of a text is asked for. */
export interface Places {
  /** Where it has an async generator function, or seems to; in ascending order. */
  readonly stars: readonly number[];
  /** Those, and where it says what else a body is wanted for. */
  readonly kept: readonly number[];
}

/** The body of a function, with nothing in it that is asked for. */
export interface Body {
  /** Where its braces begin and end. */
  readonly start: number;
  readonly end: number;
  /** What stands in them, without the white space around it. */
  readonly first: number;
  readonly last: number;
}

/**
 * Finds the bodies that nobody asks for, outermost ones only, in a text that nobody has parsed:
 *
 * | the text                                 | here                                          |
 * |------------------------------------------|-----------------------------------------------|
 * | `) {`, `=> {`; `): Type {` in TypeScript | opens a body, but for `if`, `for`, `while`, … |
 * | a body in a generator function           | is wanted: it may use `this` or a name there  |
 * | a body that has one of `kept`            | is wanted                                     |
 * | `/` behind `)`, a word or a sign         | divides, or begins a regular expression       |
 * | `/` behind `}`, `++`, `await` and such   | nobody can tell                               |
 * | an element of JSX, `<!--`, a `\` in code | nobody can tell                               |
 *
 * It may be wrong (`f()` and a block in the next line look like a function): ask the tree.
 *
 * @returns `undefined` if nobody can tell without a parser.
 */
export const findBodies = (
  code: string,
  { stars, kept }: Places,
  isTyped: boolean,
): readonly Body[] | undefined => new Reader(code, stars, kept, isTyped).read();

const TOKEN = /["'`(){}\\]|\/[/*]?|<!--|-->/g;
/** Strings and comments. */
const HAS_NO_CODE = /^(?:["']|\/[/*])/;
/** Where a string may end, or has a character that the next one belongs to. */
const IN_STRING = { "'": /['\\\n\r]/g, '"': /["\\\n\r]/g, '`': /[`\\]|\$\{/g };
const REGEXP = /\/(?:[^\\/[\n\r\u2028\u2029]|\\.|\[(?:[^\]\\\n\r\u2028\u2029]|\\.)*\])+\/[\w$]*/y;
const LINE_BREAK = /[\n\r\u2028\u2029]/;

/** Words in front of a `(…)` that is no list of parameters. */
const HEAD = /^(?:if|for|while|with|switch|catch|await|extends)$/;
/** Behind the `(…)` of these begins a statement: there, a `/` begins a regular expression. */
const STATEMENT_HEAD = /^(?:if|for|while|with)$/;
const BEFORE_REGEXP = /^(?:return|typeof|case|delete|void|in|instanceof|new|throw|do|else)$/;
/** Words of the language in one place and names in another, or rare. */
const UNSURE = /^(?:await|yield|of|default|extends)$/;
const TYPE = /[\w$.\s[\]|&,<>]/;
const TYPE_END = /[\w$\]>]/;

/** What leaving out a shorter body saves is less than what finding it costs. */
const SHORTEST = 24;

interface Open {
  readonly kind: 'paren' | 'brace' | 'body' | 'template';
  readonly at: number;
  /** The word in front of a parenthesis. */
  readonly word: string;
  /** Whether it is the body of a generator function. */
  readonly isGenerator: boolean;
  /** How many bodies had been found. */
  readonly found: number;
}

/** Reads the brackets of a text, and as much of the rest as that takes. */
class Reader {
  readonly #bodies: Body[] = [];
  readonly #open: Open[] = [];
  /** How many of the open ones are the body of a generator function. */
  #generators = 0;
  /** How deep the generator functions stand whose bodies have not begun. */
  readonly #awaited: number[] = [];
  #nextStar = 0;
  /** The last gap that has comments, from its first to its last. */
  #comments = { start: -1, end: -1 };
  /** The last `)`, and the word in front of its `(`. */
  #closed = { at: -1, word: '' };
  /** Where the last regular expression ends. */
  #regexpEnd = -1;

  constructor(
    readonly code: string,
    readonly stars: readonly number[],
    readonly kept: readonly number[],
    readonly isTyped: boolean,
  ) {}

  read(): Body[] | undefined {
    const { code } = this;
    let at = code.startsWith('#!') ? lineEnd(code, 0) : 0;
    for (;;) {
      TOKEN.lastIndex = at;
      const token = TOKEN.exec(code);
      if (token === null) return this.#open.length === 0 ? this.#bodies : undefined;
      const start = token.index;
      while (this.stars[this.#nextStar]! < start) {
        this.#awaited.push(this.#open.length);
        this.#nextStar++;
      }
      at = this.#pass(token[0], start);
      if (at < 0) return undefined;
      if (HAS_NO_CODE.test(token[0])) while (this.stars[this.#nextStar]! < at) this.#nextStar++;
    }
  }

  /** @returns where to go on, or -1. */
  #pass(token: string, start: number): number {
    const { code } = this;
    switch (token) {
      case '"':
      case "'":
      case '`':
        return this.#passString(token, start + 1);
      case '//':
        return this.#passComment(start, lineEnd(code, start));
      case '/*': {
        const close = code.indexOf('*/', start + 2);
        return close < 0 ? -1 : this.#passComment(start, close + 2);
      }
      case '/':
        return this.#passSlash(start);
      case '(':
        this.#push('paren', start, this.#wordBefore(this.#before(start)));
        return start + 1;
      case ')': {
        const open = this.#open.pop();
        if (open?.kind !== 'paren') return -1;
        this.#forget();
        this.#closed = { at: start, word: open.word };
        return start + 1;
      }
      case '{':
        this.#openBrace(start);
        return start + 1;
      case '}':
        return this.#closeBrace(start);
      default:
        return -1;
    }
  }

  #passComment(start: number, end: number): number {
    const isFirst = this.#skipSpace(start) !== this.#comments.end;
    this.#comments = { start: isFirst ? start : this.#comments.start, end };
    return end;
  }

  /** @param from behind what opens the string, or behind an expression in a template. */
  #passString(quote: keyof typeof IN_STRING, from: number): number {
    const { code } = this;
    const pattern = IN_STRING[quote];
    for (let at = from; ; at = pattern.lastIndex) {
      pattern.lastIndex = at;
      const found = pattern.exec(code)?.[0];
      if (found === quote) return pattern.lastIndex;
      if (found === '${') {
        this.#push('template', pattern.lastIndex - 1, '');
        return pattern.lastIndex;
      }
      if (found !== '\\') return -1;
      pattern.lastIndex += code.startsWith('\r\n', pattern.lastIndex) ? 2 : 1;
    }
  }

  #passSlash(start: number): number {
    const isRegExp = this.#isRegExp(start);
    if (isRegExp === undefined) return -1;
    // What no division is followed by ends an element of JSX.
    if (!isRegExp) return this.code[start + 1] === '>' ? -1 : start + 1;
    REGEXP.lastIndex = start;
    return (this.#regexpEnd = REGEXP.test(this.code) ? REGEXP.lastIndex : -1);
  }

  /** Whether a regular expression begins here, and no division; `undefined` if nobody knows. */
  #isRegExp(start: number): boolean | undefined {
    const { code } = this;
    const end = this.#before(start);
    if (end === this.#regexpEnd) return false;
    const char = code[end - 1];
    switch (char) {
      case ')':
        if (this.#closed.word === 'await') return undefined;
        return STATEMENT_HEAD.test(this.#closed.word);
      case ']':
      case '"':
      case "'":
      case '`':
        return false;
      case '+':
      case '-':
        return code[end - 2] === char ? undefined : true;
      case '!':
        return this.isTyped ? undefined : true;
      case '}':
      case '<':
      case '.':
      case '@':
      case '#':
        return undefined;
      default: {
        const word = this.#wordBefore(end);
        if (UNSURE.test(word)) return undefined;
        return word === '' ? !isWordUnit(code.charCodeAt(end - 1)) : BEFORE_REGEXP.test(word);
      }
    }
  }

  #openBrace(start: number): void {
    const isBody = this.#isBody(start);
    const isAwaited = this.#awaited.at(-1) === this.#open.length;
    // What is no body for sure may be one, or a type in front of it.
    if (isAwaited && isBody) this.#awaited.pop();
    if (isAwaited) this.#generators++;
    this.#push(isBody ? 'body' : 'brace', start, '', isAwaited);
  }

  #isBody(start: number): boolean {
    const { code } = this;
    const end = this.#before(start);
    if (code[end - 1] === ')') return !HEAD.test(this.#closed.word);
    if (!this.isTyped) return code.startsWith('=>', end - 2);
    if (!TYPE_END.test(code[end - 1] ?? '')) return false;
    let at = end;
    while (TYPE.test(code[at - 1] ?? '')) at--;
    return (
      code[at - 1] === ':' &&
      !/\bextends\b/.test(code.slice(at, end)) &&
      this.#before(at - 1) === this.#closed.at + 1 &&
      !HEAD.test(this.#closed.word)
    );
  }

  #closeBrace(start: number): number {
    const open = this.#open.pop();
    if (open === undefined || open.kind === 'paren') return -1;
    this.#forget();
    if (open.kind === 'template') return this.#passString('`', start + 1);
    if (open.isGenerator) this.#generators--;
    else if (open.kind === 'body' && this.#generators + this.#awaited.length === 0)
      this.#leaveOut(open, start + 1);
    return start + 1;
  }

  /** The functions whose bodies have not begun in what has been closed. */
  #forget(): void {
    while (this.#awaited.at(-1)! > this.#open.length) this.#awaited.pop();
  }

  #leaveOut({ at: start, found }: Open, end: number): void {
    const { code } = this;
    if (end - start < SHORTEST || hasPlace(start, end, this.kept)) return;
    const last = this.#skipSpace(end - 1);
    let first = start + 1;
    while (isSpace(code.charCodeAt(first))) first++;
    if (last - first < 4) return;
    // A comment's marks go over what stands there, but never over the end of a line.
    if (LINE_BREAK.test(code[first + 1]!) || LINE_BREAK.test(code[last - 2]!)) return;
    this.#bodies.length = found;
    this.#bodies.push({ start, end, first, last });
  }

  #push(kind: Open['kind'], at: number, word: string, isGenerator = false): void {
    this.#open.push({ kind, at, word, isGenerator, found: this.#bodies.length });
  }

  /** Where that ends what stands in front of a place, comments left out. */
  #before(start: number): number {
    const at = this.#skipSpace(start);
    return at === this.#comments.end ? this.#skipSpace(this.#comments.start) : at;
  }

  #skipSpace(start: number): number {
    let at = start;
    while (isSpace(this.code.charCodeAt(at - 1))) at--;
    return at;
  }

  /** The word that ends at a place; none if it is the name of a property. */
  #wordBefore(end: number): string {
    const { code } = this;
    let at = end;
    while (isWordUnit(code.charCodeAt(at - 1))) at--;
    const isName = code[at - 1] === '#' || (code[at - 1] === '.' && code[at - 2] !== '.');
    return isName ? '' : code.slice(at, end);
  }
}
