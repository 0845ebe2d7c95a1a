import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const read = (name: string): string => readFileSync(join(__dirname, '..', name), 'utf8');
const known: Record<string, Record<string, string>> = JSON.parse(
  read('conformance/known-losses.json'),
);

test.each(Object.keys(known))('what Test262 loses %s stands in the README', (way) => {
  const names = Object.keys(known[way]!);
  expect(names.filter((name) => !read('README.md').includes(`\`${name}\``))).toEqual([]);
});

test.each(Object.keys(known).filter((way) => !way.endsWith('hooks on')))(
  'at most six tests of Test262 are lost %s',
  (way) => {
    expect(Object.keys(known[way]!).length).toBeLessThanOrEqual(6);
  },
);
