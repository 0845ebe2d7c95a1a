import { AsyncLocalStorage } from 'node:async_hooks';
import dc from 'node:diagnostics_channel';
import { afterEach, describe, expect, test } from '@jest/globals';
import { getAsyncGenHandle, setAsyncGenHooks } from 'asyncgen-hooks';
import { publishAsyncGens } from 'asyncgen-hooks/diagnostics';
import { collectUntil } from '../helpers/gc.js';
import { collect, gen } from '../helpers/generators.js';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const each of undo.splice(0)) each();
});

function publish(): { remove(): void } {
  const publisher = publishAsyncGens();
  undo.push(() => publisher.remove());
  return publisher;
}

const EVENTS = ['called', 'begun', 'item', 'ended'] as const;
const PHASES = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

/** Subscribes to a channel; what it was told is in `lines`, as `show` has it. */
function hear(name: string, lines: unknown[], show = (message: any): unknown => message): void {
  const listener = (message: unknown): void => void lines.push(show(message));
  dc.subscribe(name, listener);
  undo.push(() => dc.unsubscribe(name, listener));
}

const rows = gen('yield 1; yield 2; return 3;');

/** Whether any hook is in force: a generator that is called meets none otherwise. */
const isWatched = async (): Promise<boolean> => {
  const made = rows();
  await made.next();
  return getAsyncGenHandle(made) !== undefined;
};

describe('events', () => {
  test('are told in their order, with the handle and what they are of', async () => {
    const lines: unknown[] = [];
    let made: unknown;
    publish();
    for (const event of EVENTS)
      hear(`asyncgen:${event}`, lines, ({ handle, generator, ...rest }) => [
        event,
        handle.site.name,
        generator === undefined ? rest : generator === made,
      ]);
    const own = (made = rows());
    await collect(own);
    expect(lines).toEqual([
      // The variable has no value yet.
      ['called', 'gen', false],
      ['begun', 'gen', true],
      ['item', 'gen', { item: 1 }],
      ['item', 'gen', { item: 2 }],
      ['ended', 'gen', { outcome: { type: 'exhausted', value: 3 } }],
    ]);
  });

  test('tell of those that the program drops', async () => {
    const lines: unknown[] = [];
    publish();
    hear('asyncgen:ended', lines, ({ outcome }) => outcome.type);
    await rows().next();
    await collectUntil(() => lines.length > 0);
    expect(lines).toEqual(['abandoned']);
  });

  test('keep each step the promise of the body', async () => {
    const order: string[] = [];
    const race = async (): Promise<void> => {
      const step = rows()
        .next()
        .then(() => order.push('step'));
      let ticks = Promise.resolve();
      for (let i = 0; i < 5; i++) ticks = ticks.then(() => void order.push(`tick ${i}`));
      await Promise.all([step, ticks]);
    };
    await race();
    const natively = order.splice(0);
    publish();
    for (const event of EVENTS) hear(`asyncgen:${event}`, []);
    await race();
    expect(order).toEqual(natively);
  });
});

describe('steps', () => {
  const tell = (lines: unknown[]): void => {
    for (const phase of PHASES)
      hear(`tracing:asyncgen:step:${phase}`, lines, ({ handle: _handle, ...rest }) => [
        phase,
        rest,
      ]);
  };

  test("are told in Node's own vocabulary", async () => {
    const lines: unknown[] = [];
    publish();
    tell(lines);
    await rows().next();
    const result = { done: false, value: 1 };
    expect(lines.map(([phase]: any) => phase)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    expect(lines.at(-1)).toEqual(['asyncEnd', { step: 'next', result }]);
  });

  test('that fail have an error, which stays that of the step', async () => {
    const lines: unknown[] = [];
    publish();
    tell(lines);
    const error = new Error('own');
    await expect(rows().throw(error)).rejects.toBe(error);
    expect(lines).toContainEqual(['error', { step: 'throw', error }]);
  });

  test('run the body in a store that is bound to their start', async () => {
    publish();
    const store = new AsyncLocalStorage();
    const start = dc.channel('tracing:asyncgen:step:start');
    start.bindStore(store, ({ step }: any) => step);
    undo.push(() => start.unbindStore(store));
    const seen: unknown[] = [];
    const body = 'args[0](); yield 1; args[0](); yield 2; await null; args[0]();';
    await collect(gen(body)(() => seen.push(store.getStore())));
    expect(seen).toEqual(['next', 'next', 'next']);
  });
});

describe('without subscribers', () => {
  test('no hook is in force, neither before the first nor after the last', async () => {
    publish();
    const seen = [await isWatched()];
    const listener = (): void => {};
    for (const name of ['asyncgen:called', 'asyncgen:ended', 'tracing:asyncgen:step:asyncEnd']) {
      dc.subscribe(name, listener);
      seen.push(await isWatched());
      dc.unsubscribe(name, listener);
      seen.push(await isWatched());
    }
    expect(seen).toEqual([false, true, false, true, false, true, false]);
  });

  test('who subscribes late hears of the generators that begin after', async () => {
    publish();
    const early = rows();
    await early.next();
    const lines: unknown[] = [];
    hear('asyncgen:item', lines, ({ item }) => item);
    await early.next();
    expect(lines).toEqual([]);
    await rows().next();
    expect(lines).toEqual([1]);
  });

  test('who had subscribed before is heard from the start', async () => {
    const lines: unknown[] = [];
    hear('asyncgen:item', lines, ({ item }) => item);
    publish();
    await rows().next();
    expect(lines).toEqual([1]);
  });
});

describe('publishers', () => {
  test('of several copies tell everything once, to the last that is removed', async () => {
    const first = publish();
    const second = publish();
    const lines: unknown[] = [];
    hear('asyncgen:item', lines, ({ item }) => item);
    await rows().next();
    first.remove();
    first.remove();
    await rows().next();
    second.remove();
    await rows().next();
    expect(lines).toEqual([1, 1]);
  });

  test('leave the channels as they were, with their subscribers', () => {
    const listener = (): void => {};
    const publisher = publish();
    dc.subscribe('asyncgen:ended', listener);
    publisher.remove();
    const channel = dc.channel('asyncgen:ended');
    expect(Object.getOwnPropertyNames(channel)).not.toContain('subscribe');
    expect(channel.hasSubscribers).toBe(true);
    expect(dc.unsubscribe('asyncgen:ended', listener)).toBe(true);
    expect(channel.hasSubscribers).toBe(false);
  });

  test('leave the hooks of others alone', () => {
    publish();
    hear('asyncgen:ended', []);
    expect(setAsyncGenHooks({}).finalizer).toBe(null);
  });
});
