/** What `fixtures/app` prints, wherever it runs, with words.js of its dependency left alone. */
export const printed = [
  0,
  1,
  0,
  [0, 1],
  [1, 2],
  1,
  '<li>a</li>',
  '<li>b</li>',
  'of',
  'a',
  'dependency',
  1,
];

export const record = [
  'src/count.ts:10:7 gives 0',
  'src/count.ts:10:7 gives 1',
  'src/count.ts:10:7 was exhausted',
  'src/count.ts:10:7 gives 0',
  'src/count.ts:10:7 was closed',
  'src/store.ts:8:2 gives [0,1]',
  'src/store.ts:4:2 gives [0,1]',
  'src/store.ts:8:2 gives [1,2]',
  'src/store.ts:4:2 gives [1,2]',
  'src/store.ts:8:2 was exhausted',
  'src/store.ts:4:2 was exhausted',
  'src/store.ts:12:2 gives 1',
  'src/store.ts:12:2 was closed',
  'src/view.jsx:4:22 gives "<li>a</li>"',
  'src/view.jsx:4:22 gives "<li>b</li>"',
  'src/view.jsx:4:22 was exhausted',
  'src/fail.ts:3:7 gives 1',
  'src/fail.ts:3:7 was failed',
];

const words = 'node_modules/words/index.js:1:7';

/** The same with the dependency compiled, too. */
export const recordWithWords = [
  ...record.slice(0, -2),
  ...['of', 'a', 'dependency'].map((word) => `${words} gives "${word}"`),
  `${words} was exhausted`,
  ...record.slice(-2),
];
