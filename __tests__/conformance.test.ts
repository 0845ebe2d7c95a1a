import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const read = (name: string): string => readFileSync(join(__dirname, '..', name), 'utf8');
const lists: Record<string, Record<string, Record<string, string>>> = JSON.parse(
  read('conformance/known-losses.json'),
);
/** By compiler and way. */
const known = Object.fromEntries(
  Object.entries(lists).flatMap(([compiler, ways]) =>
    Object.entries(ways).map(([way, names]) => [`${compiler}, ${way}`, names]),
  ),
);

test.each(Object.keys(known))(
  'the docs name each test of Test262 that the list of known losses has: %s',
  (way) => {
    const names = Object.keys(known[way]!);
    expect(
      names.filter((name) => !read('docs/how-it-is-tested.md').includes(`\`${name}\``)),
    ).toEqual([]);
  },
);

test.each(Object.keys(known).filter((way) => !way.endsWith('hooks on')))(
  'the list of known losses has at most eight tests of Test262: %s',
  (way) => {
    expect(Object.keys(known[way]!).length).toBeLessThanOrEqual(8);
  },
);
