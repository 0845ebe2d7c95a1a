import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from '../child/root.mjs';
import { inTurn, makeGate, makeTurns } from '../child/turns.mjs';

const require = createRequire(import.meta.url);
/** The build that keeps its async generators: minified, reachable by path only. */
const Ix = require(join(root, 'node_modules/ix/asynciterable.esnext.min.js'));
/** Published with its async generators lowered by TypeScript. */
const operators = require('ix/asynciterable/operators');

const { concat, catchError, from, fromEvent, generate, merge, of, range, throwError, zip } = Ix;
const { buffer, concatMap, filter, finalize, map, take, takeUntil } = operators;

export const scenarios = {
  async 'zip() closes the longer source'({ consume }) {
    await consume(zip(concat(of('a', 'b'), of('c')), range(1, 9)));
  },

  async 'operators lowered before publication close sources that were not'({ record, consume }) {
    const stream = range(1, 9).pipe(
      filter((n) => n % 2 === 1),
      map(async (n) => n * 10),
      concatMap((n) => of(n, n + 1)),
      buffer(2),
      take(2),
      finalize(() => record('finalize')),
    );
    await consume(stream);
  },

  async 'takeUntil() leaves its source open'({ record, consume }) {
    const turns = makeTurns();
    const stop = makeGate();
    const values = [
      [1, 'one'],
      [2, 'two'],
    ];
    const source = from(inTurn(turns, values), (value) => {
      if (value === 'two') stop.open();
      return value;
    });
    const slow = source.pipe(map((value) => (value === 'two' ? new Promise(() => {}) : value)));
    await consume(
      slow.pipe(
        takeUntil(() => stop.opened),
        finalize(() => record('finalize')),
      ),
      { turns },
    );
  },

  async 'catchError() goes on with the next source'({ consume }) {
    const broken = concat(of(1), throwError(new RangeError('broke')));
    await consume(catchError(broken, of(2, 3)));
  },

  async 'an error goes through a lowered operator'({ record, consume }) {
    const broken = concat(of(1), throwError(new RangeError('broke')));
    await consume(broken.pipe(finalize(() => record('finalize'))));
  },

  async 'a break closes generate()'({ consume }) {
    const powers = generate(
      1,
      () => true,
      (n) => n * 2,
      (n) => n,
    );
    await consume(powers, { limit: 3 });
  },

  async 'fromEvent() gives its events to a generator called on the spot'({ consume }) {
    const target = new EventTarget();
    const ticks = fromEvent(target, 'tick', (event) => event.detail);
    for (let i = 1; i <= 3; i++) target.dispatchEvent(new CustomEvent('tick', { detail: i }));
    await consume(ticks, { limit: 2 });
  },

  async 'merge() gives values as they come and fails with its source'({ consume }) {
    const turns = makeTurns();
    const a = inTurn(turns, [
      [1, 'a1'],
      [3, 'a2'],
    ]);
    const b = inTurn(turns, [
      [2, 'b1'],
      [4, new Error('b broke')],
    ]);
    await consume(merge(a, b), { turns });
  },
};
