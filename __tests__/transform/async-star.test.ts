import { describe, expect, test } from '@jest/globals';
import { ASYNC_STAR, AsyncStars, mayHaveGenerators } from '../../src/syntax/async-star.js';

import { mayHaveLowered } from '../../src/syntax/lowered.js';

/** What `AsyncStars` has to find: simple, and quadratic. */
const GAP = String.raw`(?:\s|/\*(?:[^*]|\*(?!/))*\*/|//.*(?:[\n\r\u2028\u2029]|$))*`;
const SIMPLE = new RegExp(String.raw`\basync${GAP}(?:function${GAP})?\*`, 'g');

const places = (code: string): number[] => [...new AsyncStars(code).places()];

describe('the text of an async generator function', () => {
  test.each<[string, number[]]>([
    ['async function* f() {}', [0]],
    ['({ async *m() {} })', [3]],
    ['async/* c */function// d\n/* e *//* f **/ *f() {}', [0]],
    ['async\u2028//\u2029function\r\n\u00a0*f', [0]],
    ['async // async function*\n*f', [0]],
    ['async /* async x */ y; async *z', [23]],
    ['/* async *', [3]],
    ['async /* *', []],
    ['async /*/ *', []],
    ['async function f() {}', []],
    ['xasync *f', []],
    ['$async *f', [1]],
    ['async functional *f', []],
    ['asyncfunction*f', [0]],
    ['async // *', []],
    ['async //\n', []],
    ['async * async *', [0, 8]],
    ['async', []],
    ['', []],
  ])('%j', (code, expected) => {
    expect(places(code)).toEqual(expected);
    expect(Array.from(code.matchAll(SIMPLE), ({ index }) => index)).toEqual(expected);
    expect(mayHaveGenerators(code)).toBe(expected.length > 0);
  });

  test('is found as a regular expression would, in all texts of some tokens', () => {
    const tokens = ['async', 'function', '*', '/*', '*/', '//', '\n', '\u2028', ' ', '/', 'x', '$'];
    // Every text of up to four tokens, and many longer ones, always the same.
    let seed = 1;
    const next = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed >> 8) % below;
    };
    const check = (code: string): void => {
      const expected = Array.from(code.matchAll(SIMPLE), ({ index }) => index);
      const found = places(code);
      if (found.join() !== expected.join() || (expected.length > 0 && !ASYNC_STAR.test(code)))
        throw new Error(`${JSON.stringify(code)}: ${found.join()}, not ${expected.join()}`);
    };
    for (let i = 0; i < tokens.length ** 4; i++) {
      let text = '';
      for (let rest = i; rest > 0; rest = Math.floor(rest / tokens.length))
        text += tokens[rest % tokens.length];
      check(`async${text}`);
    }
    for (let i = 0; i < 50_000; i++)
      check(Array.from({ length: 5 + next(12) }, () => tokens[next(tokens.length)]).join(''));
  });
});

describe('a text is tested in linear time', () => {
  /** Milliseconds of this process, not of what else the machine does. */
  const costOf = (code: string): number => {
    const start = process.cpuUsage();
    places(code);
    ASYNC_STAR.test(code);
    mayHaveGenerators(code);
    mayHaveLowered(code);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  const cheapest = (code: string, enough: number): number => {
    let cost = Infinity;
    for (let run = 0; run < 20 && cost > enough; run++) cost = Math.min(cost, costOf(code));
    return cost;
  };
  /** Below that, other work of the process counts for more. */
  const NOISE = 30;

  test.each([
    'async/*',
    '//async\n',
    '//async',
    'async /*x*/ ',
    '/*async//\n',
    'async//\n/*',
    '// */ /* async \n',
    'async\t\t\t',
    'async function ',
    'async function/**/',
    'async/*/',
    'async//*/\r',
    '*/async/*',
    'async/**/',
    'async /*\u2028//*/ async //*\n',
    '*//*async',
    'async//\u2029',
    'async\n/* async */ // async\n',
    '_wrapAsync__async',
    '__asyncGenerator$',
    'egeneratorRuntime.async',
    'helpers/async',
  ])('%j, again and again', (shape) => {
    // A quadratic test takes 16 times as long for 4 times the text. The small one comes first: it
    // tells before the large one takes minutes.
    let before = NOISE;
    for (const size of [62_500, 250_000, 1_000_000]) {
      const limit = 9 * Math.max(before, NOISE);
      const cost = cheapest(shape.repeat(size / shape.length), limit);
      expect(cost).toBeLessThan(limit);
      before = cost;
    }
  });
});
