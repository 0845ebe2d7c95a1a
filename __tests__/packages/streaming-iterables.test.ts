import { describe } from '@jest/globals';
import { lines, packageRun } from './helpers/package-run.js';

describe.each([
  ['streaming-iterables', 'node_modules/streaming-iterables/dist/index.mjs'],
  ['streaming-iterables-umd', 'node_modules/streaming-iterables/dist/index.js'],
])('%s', (name, file) => {
  const run = packageRun(name, [
    file,
    '__tests__/packages/child/turns.mjs',
    '__tests__/packages/scenarios/streaming-iterables.shared.mjs',
  ]);

  run.test('take() closes the pipeline above it', {
    events: lines`
      got [10,11]
      got [30,31]
      numbers closed
      end
    `,
    hooks: lines`
      firstiter _take
      firstiter _batch
      firstiter _filter
      firstiter flatten
      firstiter _map
      firstiter _map#2
      firstiter _filter#2
      firstiter numbers
      iter numbers 1
      iter _filter#2 1
      iter _map#2 10
      iter _map [10,11]
      firstiter flatten#2
      iter flatten#2 10
      iter flatten 10
      iter _filter 10
      iter flatten#2 11
      iter flatten 11
      iter _filter 11
      iter _batch [10,11]
      iter _take [10,11]
      finalizer flatten#2 exhausted
      iter numbers 2
      iter numbers 3
      iter _filter#2 3
      iter _map#2 30
      iter _map [30,31]
      firstiter flatten#3
      iter flatten#3 30
      iter flatten 30
      iter _filter 30
      iter flatten#3 31
      iter flatten 31
      iter _filter 31
      iter _batch [30,31]
      iter _take [30,31]
      finalizer flatten#3 closed
      finalizer numbers closed
      finalizer _filter#2 closed
      finalizer _map#2 closed
      finalizer _map closed
      finalizer flatten closed
      finalizer _filter closed
      finalizer _batch closed
      finalizer _take exhausted
    `,
  });

  run.test('an error closes what stands above and fails what stands below', {
    events: lines`
      got 1
      numbers closed
      caught RangeError: no 2
    `,
    hooks: lines`
      firstiter _take
      firstiter _map
      firstiter numbers
      iter numbers 1
      iter _map 1
      iter _take 1
      iter numbers 2
      finalizer numbers closed
      finalizer _map failed RangeError: no 2
      finalizer _take failed RangeError: no 2
    `,
  });

  run.test('a break closes the whole pipeline', {
    events: lines`
      got 1
      got 2
      numbers closed
      broke off
    `,
    hooks: lines`
      firstiter _map
      firstiter _filter
      firstiter numbers
      iter numbers 1
      iter _filter 1
      iter _map 1
      iter numbers 2
      iter _filter 2
      iter _map 2
      finalizer numbers closed
      finalizer _filter closed
      finalizer _map closed
    `,
  });

  run.test('transform() gives results as they come', {
    events: lines`
      got 20
      got 10
      got 30
      end
    `,
    hooks: lines`
      firstiter numbers
      iter numbers 1
      iter numbers 2
      iter numbers 3
      finalizer numbers exhausted
    `,
  });

  run.test('parallelMap() fails with the error of its function', {
    events: lines`
      got 1
      got 2
      caught TypeError: third
    `,
    hooks: lines`
      firstiter _parallelMap
      firstiter _map
      firstiter _parallelMap.stopOnError
      firstiter numbers
      iter numbers 1
      iter numbers 2
      iter _parallelMap.stopOnError 1
      iter _map {"value":{}}
      iter numbers 3
      iter _parallelMap.stopOnError 2
      iter _parallelMap 1
      iter _map {"value":{}}
      finalizer numbers exhausted
      iter _parallelMap.stopOnError 3
      iter _parallelMap 2
      iter _map {"value":{}}
      finalizer _parallelMap.stopOnError exhausted
      finalizer _map exhausted
      finalizer _parallelMap failed TypeError: third
    `,
    sideBySide: true,
  });

  run.test('parallelMerge() gives values as they come and fails with its source', {
    events: lines`
      got a1
      got b1
      got b2
      got a2
      caught Error: b broke
    `,
    hooks: lines`
      firstiter parallelMerge
      firstiter inTurn
      firstiter inTurn#2
      iter inTurn a1
      iter parallelMerge a1
      iter inTurn#2 b1
      iter parallelMerge b1
      iter inTurn#2 b2
      iter parallelMerge b2
      iter inTurn a2
      iter parallelMerge a2
      finalizer inTurn exhausted
      finalizer inTurn#2 failed Error: b broke
      finalizer parallelMerge failed Error: b broke
    `,
    sideBySide: true,
  });

  run.test('a dropped pipeline is closed by the finalizer hook', {
    events: lines`
      got 1
    `,
    hookedEvents: lines`
      got 1
      numbers closed
    `,
    hooks: lines`
      firstiter _map
      firstiter numbers
      iter numbers 1
      iter _map 1
      finalizer _map abandoned
      finalizer numbers closed
    `,
  });
});
