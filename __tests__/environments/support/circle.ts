import { Project } from './project.js';

/** `a.js` and `b.js` import each other, and `main.js` prints what `b.js` saw. */
export const writeCircle = (
  isModule: boolean,
  { a, b, main }: Record<'a' | 'b' | 'main', string>,
): Project =>
  new Project({
    'package.json': { type: isModule ? 'module' : 'commonjs' },
    'a.js': a,
    'b.js': b,
    'main.js': main,
  });

const expected = (named: string, other: string): string[] => [
  `init ${named}`,
  `${named.split(' ')[0]} 1 true true`,
  `firstiter ${named}`,
  `iter ${named} 3`,
  `init ${other}`,
  `${other.split(' ')[0]} 0 true true`,
  `firstiter ${other}`,
  `iter ${other} default`,
  'body of a',
  'value 3',
  `finalizer ${named} exhausted`,
  'value default',
  `finalizer ${other} exhausted`,
];

/** Of `circular/a.js`. */
export const ofModule = expected('named src/circular/a.js:5:7', 'default src/circular/a.js:9:15');
/** Of `circular-script/a.js`. */
export const ofScript = expected(
  'named src/circular-script/a.js:6:0',
  'other src/circular-script/a.js:10:0',
);
