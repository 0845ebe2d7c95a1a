import { afterEach, describe, expect, test } from '@jest/globals';
import { addAsyncGenHooks, setAsyncGenHooks } from 'asyncgen-hooks';
import { collect, gen, load, make, type Gen } from '../helpers/generators.js';
import { clearHooks, recordOutcomes } from '../helpers/hooks.js';
import { warningsDuring } from '../helpers/warnings.js';

afterEach(clearHooks);

describe('finalizer', () => {
  test('tells exhausted, with what the body returned', async () => {
    const seen = recordOutcomes();
    await collect(make()(1));
    expect(seen).toEqual([{ type: 'exhausted', value: 'returned' }]);
  });

  test('tells closed, with the value of return()', async () => {
    const seen = recordOutcomes();
    const gen = make()(1);
    await gen.next();
    await gen.return('given');
    await gen.return('again');
    await gen.next();
    expect(seen).toEqual([{ type: 'closed', value: 'given' }]);
  });

  test('tells failed, with the error', async () => {
    const seen = recordOutcomes();
    const error = new Error('thrown in');
    const gen = make()(1);
    await gen.next();
    await expect(gen.throw(error)).rejects.toBe(error);
    expect(seen).toEqual([{ type: 'failed', error }]);
  });

  test('a yield in finally is not the end', async () => {
    const seen = recordOutcomes();
    const gen: Gen = load(`module.exports = async function* () {
      try { yield 1; } finally { yield 'still'; }
    }`)();
    await gen.next();
    expect(await gen.return('given')).toEqual({ value: 'still', done: false });
    expect(seen).toEqual([]);
    expect(await gen.next()).toEqual({ value: 'given', done: true });
    expect(seen).toEqual([{ type: 'closed', value: 'given' }]);
  });

  test('is called before the consumer has the last result', async () => {
    const record: string[] = [];
    setAsyncGenHooks({ finalizer: () => void record.push('finalizer') });
    await make()()
      .next()
      .then(() => record.push('consumer'));
    expect(record).toEqual(['finalizer', 'consumer']);
  });

  test('a step that it asks for settles as one that the end of a native body asks for', async () => {
    /** The order in which the program hears of two steps, of which the body's end asks for one. */
    const settled = async (make: (atEnd: () => void) => Gen): Promise<string[]> => {
      const record: string[] = [];
      const it = make(() => void it.next().then(() => record.push('asked for at the end')));
      await it.next().then(() => record.push('that ended it'));
      return record;
    };
    const native = await settled(async function* (atEnd) {
      atEnd();
    });
    const hooked = await settled((atEnd) => {
      setAsyncGenHooks({ finalizer: atEnd });
      return gen('')();
    });
    expect(hooked).toEqual(native);
    // The program has the promise of the inner step before that of the outer one.
    expect(native).toEqual(['asked for at the end', 'that ended it']);
  });

  test('is not called for a generator that was never iterated', async () => {
    const record: string[] = [];
    setAsyncGenHooks({
      init: () => void record.push('init'),
      finalizer: () => void record.push('finalizer'),
    });
    make()(1);
    expect(record).toEqual(['init']);
  });

  test('that throws or rejects is reported and stops nobody', async () => {
    const record: string[] = [];
    const warnings = await warningsDuring(async () => {
      setAsyncGenHooks({
        finalizer: () => {
          throw new Error('broken');
        },
      });
      const rejecting = addAsyncGenHooks({
        finalizer: () => Promise.reject(new Error('rejected')),
      });
      const other = addAsyncGenHooks({ finalizer: () => void record.push('other') });
      expect(await collect(make()(1))).toEqual([1]);
      await null;
      await null;
      rejecting.remove();
      other.remove();
    });
    expect(record).toEqual(['other']);
    expect(warnings.map(({ code, cause }) => [code, cause.message])).toEqual([
      ['ERR_ASYNCGEN_HOOK', 'broken'],
      ['ERR_ASYNCGEN_HOOK', 'rejected'],
    ]);
    expect(warnings[0].message).toBe(
      'asyncgen-hooks/runtime: finalizer hook of items (src/input.js:1:30) failed with "broken", ' +
        'and the program went on. Handle the error inside the hook.',
    );
  });
});
