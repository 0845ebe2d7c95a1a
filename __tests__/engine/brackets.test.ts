import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findBodies } from '../../src/engine/brackets.js';
import { parse } from '../../src/engine/parse.js';
import { walk } from '../../src/engine/path.js';
import { isShortened, shorten } from '../../src/engine/shorten.js';
import { AsyncStars } from '../../src/syntax/async-star.js';
import { isFunction } from '../../src/syntax/nodes.js';

const ROOT = join(__dirname, '..', '..');
const LONG = 'of no interest to anybody;';

function placesOf(code: string, words: readonly string[] = []) {
  const stars = [...new AsyncStars(code).places()];
  const kept = [...stars, ...words.map((word) => code.indexOf(word))].sort((a, b) => a - b);
  return { stars, kept };
}

/** What is left out of a text, in which `…` stands for something long. */
function leftOut(text: string, { isTyped = false, words = [] as string[] } = {}) {
  const code = text.replaceAll('…', LONG);
  const bodies = findBodies(code, placesOf(code, words), isTyped);
  return bodies?.map(({ start, end }) => code.slice(start, end).replaceAll(LONG, '…'));
}

describe('left out is the body of', () => {
  test.each([
    ['a declaration', 'function f(a = {}) { … }', ['{ … }']],
    ['an expression', 'x = function ({ a }) {…}', ['{…}']],
    ['an arrow function', 'x = (a) => {…}; y = { … }', ['{…}']],
    ['methods', 'class A { a() {…} get b() {…} static #c() {…} d = {…} }', Array(3).fill('{…}')],
    ['methods with strange names', '({ "a b"() {…}, 1() {…}, [a]() {…} })', Array(3).fill('{…}')],
    ['the outermost function', 'function f() { function g() {…} … }', ['{ function g() {…} … }']],
    ['a brace in the next line', 'function f() // a\n/* b */\n{…}', ['{…}']],
    ['what stands beside a generator', 'async function* g() { x(() => {…}) } () => {…}', ['{…}']],
    ['what a comment calls one', '/* async * */ function f() {…}', ['{…}']],
    ['what a string calls one', '"async * " + function f() {…}', ['{…}']],
  ])('%s', (_, text, bodies) => {
    expect(leftOut(text)).toEqual(bodies);
  });

  test.each([
    ['a type', 'function f(): Map<A, B[]> {…}', ['{…}']],
    ['a type of its own', 'function f(): { a: 1 } {…}', []],
    ['an object in a type', 'function f(): Map<{…}> {}', []],
    ['a type of a function', 'type F = () => {…}', []],
    ['a condition', 'type F<T> = T extends (infer U) ? (U) : T extends {…} ? 1 : 2', []],
  ])('a function of TypeScript with %s', (_, text, bodies) => {
    expect(leftOut(text, { isTyped: true })).toEqual(bodies);
  });
});

test.each([
  ['what is short', 'function f() { return 1 }'],
  ['statements', 'if (a) {…} for (;;) {…} while (a) {…} switch (a) {…} with (a) {…}'],
  ['what is caught', 'try {…} catch (e) {…} finally {…}'],
  ['a class', 'class A extends (B) {…}'],
  ['the body of a generator', 'async function* g(a = () => {…}) { () => {…}; }'],
  ['the body of a method', '({ async *g() { () => {…} } })'],
  ['what has a generator', 'function f() { async function* g() {} … }'],
])('not left out is %s', (_, text) => {
  expect(leftOut(text)).toEqual([]);
});

test('not left out is what somebody asks for', () => {
  expect(leftOut('() => { import.meta … }; () => {…}', { words: ['import.meta'] })).toEqual([
    '{…}',
  ]);
});

describe('a slash', () => {
  const f = '() => {…}';
  test.each([
    ['divides behind a name', `a / f("/", ${f})`],
    ['divides behind a bracket', `a[0] / f("/", ${f})`],
    ['divides behind a call', `f(a) / f("/", ${f})`],
    ['divides behind a method with the name of a statement', `a.if(b) / f("/", ${f})`],
    ['divides behind a property with the name of an operator', `a.return / f("/", ${f})`],
    ['divides behind a regular expression', `/'/g / f("/", ${f})`],
    ['begins a regular expression behind a sign', `a = /"/; ${f}`],
    ['begins one behind a condition', `if (a) /"/.test(a); ${f}`],
    ['begins one behind an operator', `typeof /[/"]\\/"/u; ${f}`],
    ['begins one behind a comment', `a = /* ' */ // "\n /"/; ${f}`],
    ['begins one at the start', `/"{/; ${f}`],
  ])('%s', (_, text) => {
    expect(leftOut(text)).toEqual(['{…}']);
  });

  test.each([
    ['behind a brace', `{} /"/; ${f}`],
    ['behind ++', `a++ /b/ c; ${f}`],
    ['behind await', `await /"/; ${f}`],
    ['behind for await (…)', `for await (a of b) /"/; ${f}`],
    ['in an element', `<a>{${f}}</a>`],
    ['at the end of an element', `<a b={${f}} />`],
  ])('says nothing without a parser %s', (_, text) => {
    expect(leftOut(text)).toBeUndefined();
  });
});

test.each([
  ['a string without end', "() => {…} it's"],
  ['a comment that HTML has', '<!-- a\n() => {…}'],
  ['a stray backslash', '\\u0061sync () => {…}'],
  ['brackets that do not match', '() => {…} ) (('],
  ['brackets that stay open', '() => {…} ('],
])('%s has the whole text parsed', (_, text) => {
  expect(leftOut(text)).toBeUndefined();
});

test('strings, templates and their escapes are passed by', () => {
  const text = 'a("\\"{", \'\\\r\n{\', `\\`{ $ ${`{${() => {…}}`} {`, /[{/]/)';
  expect(leftOut(text)).toEqual(['{…}']);
});

test('a body becomes a comment, and every line and column stays', () => {
  const code = `function f() {\r\n  /* a */ ${LONG} // b\r\n}\nasync function* g() {}`;
  const { text } = shorten(code, placesOf(code), false)!;
  expect(text).toBe(`function f() {\r\n  /* a *  ${LONG} //*/\r\n}\nasync function* g() {}`);
  expect(text).toHaveLength(code.length);
});

test('braces that are no body after all are found out by the tree', () => {
  const code = `f()\n{ let a; ${LONG.replaceAll(' ', '_')} }`;
  const short = shorten(code, placesOf(code), false)!;
  expect(short.bodies).toHaveLength(1);
  const input = { language: 'js', sourceType: 'script' } as const;
  expect(isShortened(short, parse({ code: short.text, ...input }).program)).toBe(false);
  const { body } = parse({ code, ...input, places: placesOf(code) }).program;
  expect(body[1]).toMatchObject({ type: 'BlockStatement', body: { length: 2 } });
});

/** Real code, minified and not, JavaScript and TypeScript. */
const FOLDERS = ['webpack/lib/util', 'ix/src/asynciterable', 'terser/dist'];

test.each(FOLDERS)('what is left out of %s is a body in the tree of the whole text', (folder) => {
  const path = join(ROOT, 'node_modules', folder);
  const files = readdirSync(path, { recursive: true, encoding: 'utf8' });
  let count = 0;
  for (const file of files.filter((name) => /(?<!\.d)\.[mc]?[jt]s$/.test(name))) {
    const code = readFileSync(join(path, file), 'utf8');
    const language = file.endsWith('ts') ? 'ts' : 'js';
    const short = shorten(code, placesOf(code), language === 'ts');
    if (!short) continue;
    const { program } = parse({ code, language, sourceType: 'unambiguous' });
    const ends = new Map<number, number>();
    const visit = [program as Parameters<typeof walk>[0]];
    for (let node = visit.pop(); node; node = visit.pop()) {
      if (isFunction(node)) ends.set(node.body.start!, node.body.end!);
      visit.push(...walk(node));
    }
    for (const { start, end } of short.bodies)
      expect([file, start, ends.get(start)]).toEqual([file, start, end]);
    count += short.bodies.length;
  }
  expect(count).toBeGreaterThan(10);
});
