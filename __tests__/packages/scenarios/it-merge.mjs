import merge from 'it-merge';
import { inTurn, makeGate, makeTurns } from '../child/turns.mjs';

/** A source, and the moment when it was closed. */
function makeSource(turns, values) {
  const closed = makeGate();
  return { source: inTurn(turns, values, closed.open), closed: closed.opened };
}

export const scenarios = {
  async 'values come in the order in which the sources have them'({ consume }) {
    const turns = makeTurns();
    const a = makeSource(turns, [
      [1, 'a1'],
      [4, 'a2'],
    ]);
    const b = makeSource(turns, [
      [2, 'b1'],
      [3, 'b2'],
    ]);
    const c = makeSource(turns, [[5, 'c1']]);
    await consume(merge(a.source, b.source, c.source), { turns });
  },

  async 'a list and a source are merged'({ consume }) {
    const turns = makeTurns();
    const { source } = makeSource(turns, [[3, 'a1']]);
    await consume(merge(['list 1', 'list 2'], source), { turns });
  },

  async 'the error of one source closes the other'({ record, consume }) {
    const turns = makeTurns();
    const a = makeSource(turns, [
      [1, 'a1'],
      [3, new RangeError('a broke')],
    ]);
    const b = makeSource(turns, [
      [2, 'b1'],
      [4, 'never'],
    ]);
    await consume(merge(a.source, b.source), { turns });
    await a.closed;
    turns.reach(4);
    await b.closed;
    record('both closed');
  },

  async 'a break closes all sources'({ record, consume }) {
    const turns = makeTurns();
    const a = makeSource(turns, [
      [1, 'a1'],
      [3, 'never'],
    ]);
    const b = makeSource(turns, [
      [2, 'b1'],
      [3, 'never'],
    ]);
    await consume(merge(a.source, b.source), { turns, limit: 2 });
    turns.reach(3);
    await Promise.all([a.closed, b.closed]);
    record('both closed');
  },
};
