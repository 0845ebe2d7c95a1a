import { lines, packageRun } from './helpers/package-run.js';

/** Of ix only the minified build keeps its async generators; the operators beside it are lowered. */
const run = packageRun(
  'ix',
  ['node_modules/ix/asynciterable.esnext.min.js', '__tests__/packages/child/turns.mjs'],
  /^\S+ \[ERR_ASYNCGEN_LOWERED\] AsyncGenHooksWarning: asyncgen-hooks\/babel: .*\/ix\/.* Said once\.\n.*#err_asyncgen_lowered\n.*--trace-warnings.*\n$/,
);

/** What the minifier calls the classes and functions behind these exports. */
const zip = '$a.[Symbol.asyncIterator]';
const concat = 'O.[Symbol.asyncIterator]';
const of = 'Ga.[Symbol.asyncIterator]';
const range = 'Ka.[Symbol.asyncIterator]';
const from = 'z.[Symbol.asyncIterator]';
const catchError = 'J.[Symbol.asyncIterator]';
const throwError = 'Na.[Symbol.asyncIterator]';
const generate = 'wa.[Symbol.asyncIterator]';
const merge = 'Ea.[Symbol.asyncIterator]';
const memoized = 'E';
const events = 'U.(anonymous)';

run.test('zip() closes the longer source', {
  events: lines`
    got ["a",1]
    got ["b",2]
    got ["c",3]
    end
  `,
  hooks: lines`
    firstiter ${zip}
    firstiter ${concat}
    firstiter ${of}
    iter ${of} a
    iter ${concat} a
    firstiter ${range}
    iter ${range} 1
    iter ${zip} ["a",1]
    iter ${of} b
    iter ${concat} b
    iter ${range} 2
    iter ${zip} ["b",2]
    finalizer ${of} exhausted
    firstiter ${of}#2
    iter ${of}#2 c
    iter ${concat} c
    iter ${range} 3
    iter ${zip} ["c",3]
    finalizer ${of}#2 exhausted
    finalizer ${concat} exhausted
    finalizer ${range} closed
    finalizer ${zip} exhausted
  `,
});

run.test('operators lowered before publication close sources that were not', {
  events: lines`
    got [10,11]
    got [30,31]
    finalize
    end
  `,
  hooks: lines`
    firstiter ${range}
    iter ${range} 1
    firstiter ${of}
    iter ${of} 10
    iter ${of} 11
    finalizer ${of} exhausted
    iter ${range} 2
    iter ${range} 3
    firstiter ${of}#2
    iter ${of}#2 30
    iter ${of}#2 31
    finalizer ${of}#2 closed
    finalizer ${range} closed
  `,
});

run.test('takeUntil() leaves its source open', {
  events: lines`
    got one
    finalize
    end
  `,
  hooks: lines`
    firstiter ${from}
    firstiter inTurn
    iter inTurn one
    iter ${from} one
    iter inTurn two
    iter ${from} two
  `,
});

run.test('catchError() goes on with the next source', {
  events: lines`
    got 1
    got 2
    got 3
    end
  `,
  hooks: lines`
    firstiter ${catchError}
    firstiter ${concat}
    firstiter ${of}
    iter ${of} 1
    iter ${concat} 1
    iter ${catchError} 1
    finalizer ${of} exhausted
    firstiter ${throwError}
    finalizer ${throwError} failed RangeError: broke
    finalizer ${concat} failed RangeError: broke
    firstiter ${of}#2
    iter ${of}#2 2
    iter ${catchError} 2
    iter ${of}#2 3
    iter ${catchError} 3
    finalizer ${of}#2 exhausted
    finalizer ${catchError} exhausted
  `,
});

run.test('an error goes through a lowered operator', {
  events: lines`
    got 1
    finalize
    caught RangeError: broke
  `,
  hooks: lines`
    firstiter ${concat}
    firstiter ${of}
    iter ${of} 1
    iter ${concat} 1
    finalizer ${of} exhausted
    firstiter ${throwError}
    finalizer ${throwError} failed RangeError: broke
    finalizer ${concat} failed RangeError: broke
  `,
});

run.test('a break closes generate()', {
  events: lines`
    got 1
    got 2
    got 4
    broke off
  `,
  hooks: lines`
    firstiter ${generate}
    iter ${generate} 1
    iter ${generate} 2
    iter ${generate} 4
    finalizer ${generate} closed
  `,
});

run.test('fromEvent() gives its events to a generator called on the spot', {
  events: lines`
    got 1
    got 2
    broke off
  `,
  hooks: lines`
    firstiter ${memoized}
    firstiter ${events}
    iter ${events} 1
    iter ${memoized} 1
    iter ${events} 2
    iter ${memoized} 2
    finalizer ${memoized} closed
  `,
});

run.test('merge() gives values as they come and fails with its source', {
  events: lines`
    got a1
    got b1
    got a2
    caught Error: b broke
  `,
  hooks: lines`
    firstiter ${merge}
    firstiter inTurn
    firstiter inTurn#2
    iter inTurn a1
    iter ${merge} a1
    iter inTurn#2 b1
    iter ${merge} b1
    iter inTurn a2
    finalizer inTurn exhausted
    iter ${merge} a2
    finalizer inTurn#2 failed Error: b broke
    finalizer ${merge} failed Error: b broke
  `,
  sideBySide: true,
});
