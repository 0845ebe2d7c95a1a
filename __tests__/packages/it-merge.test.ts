import { lines, packageRun } from './helpers/package-run.js';

const run = packageRun('it-merge', [
  'node_modules/it-merge/dist/src/index.js',
  '__tests__/packages/child/turns.mjs',
]);

run.test('values come in the order in which the sources have them', {
  events: lines`
    got a1
    got b1
    got b2
    got a2
    got c1
    end
  `,
  hooks: lines`
    firstiter mergeSources
    firstiter inTurn
    firstiter inTurn#2
    firstiter inTurn#3
    iter inTurn a1
    iter mergeSources a1
    iter inTurn#2 b1
    iter mergeSources b1
    iter inTurn#2 b2
    iter mergeSources b2
    iter inTurn a2
    finalizer inTurn#2 exhausted
    iter mergeSources a2
    iter inTurn#3 c1
    finalizer inTurn exhausted
    iter mergeSources c1
    finalizer inTurn#3 exhausted
    finalizer mergeSources exhausted
  `,
  sideBySide: true,
});

run.test('a list and a source are merged', {
  events: lines`
    got list 1
    got list 2
    got a1
    end
  `,
  hooks: lines`
    firstiter mergeSources
    firstiter inTurn
    iter mergeSources list 1
    iter mergeSources list 2
    iter inTurn a1
    iter mergeSources a1
    finalizer inTurn exhausted
    finalizer mergeSources exhausted
  `,
  sideBySide: true,
});

run.test('the error of one source closes the other', {
  events: lines`
    got a1
    got b1
    caught RangeError: a broke
    both closed
  `,
  hooks: lines`
    firstiter mergeSources
    firstiter inTurn
    firstiter inTurn#2
    iter inTurn a1
    iter mergeSources a1
    iter inTurn#2 b1
    iter mergeSources b1
    finalizer inTurn failed RangeError: a broke
    finalizer mergeSources failed RangeError: a broke
    iter inTurn#2 never
    finalizer inTurn#2 closed
  `,
  sideBySide: true,
});

run.test('a break closes all sources', {
  events: lines`
    got a1
    got b1
    broke off
    both closed
  `,
  hooks: lines`
    firstiter mergeSources
    firstiter inTurn
    firstiter inTurn#2
    iter inTurn a1
    iter mergeSources a1
    iter inTurn#2 b1
    iter mergeSources b1
    finalizer mergeSources closed
    finalizer inTurn#2 closed
    iter inTurn never
    finalizer inTurn closed
  `,
  sideBySide: true,
});
