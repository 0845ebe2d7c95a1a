import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, test } from '@jest/globals';
import { keepAsyncContext } from 'asyncgen-hooks/context';
import { collectTimes, collectUntil } from '../helpers/gc.js';
import { gen, track } from './support/track.js';

const rows = gen('rows', 'try { yield 1; } finally { await null; args[0](); }');
const store = new AsyncLocalStorage<string>();
const requests = new AsyncLocalStorage<object>();

test('the finally block of an abandoned generator runs in the context of its first step', async () => {
  const tracker = track({ context: true, onAbandoned: () => {} });
  const seen: unknown[] = [];
  for (const name of ['a', 'b'])
    await store.run(name, async () => {
      await rows(() => seen.push(store.getStore())).next();
    });
  await collectUntil(() => seen.length === 2);
  expect(seen.sort()).toEqual(['a', 'b']);
  expect(tracker.live()).toEqual([]);
});

test('so does that of one which a shutdown or a scope closes', async () => {
  const tracker = track({ context: true });
  const seen: unknown[] = [];
  const kept = [0, 1].map(() => rows(() => seen.push(store.getStore())));
  const scope = tracker.scope();
  await store.run('own', () => kept[0]!.next());
  await store.run('scope', () => scope.run(() => kept[1]!.next()));
  await tracker.shutdown();
  await store.run('elsewhere', () => scope.close());
  expect(seen).toEqual(['own', 'scope']);
});

test('with the option off the context is that of whoever closes it', async () => {
  const tracker = track({ context: false });
  const seen: unknown[] = [];
  const kept = rows(() => seen.push(store.getStore()));
  await store.run('first step', () => kept.next());
  await store.run('shutdown', () => tracker.shutdown());
  expect(seen).toEqual(['shutdown']);
});

describe('the finally block of one that is called in a context, begun in another, and dropped', () => {
  const both = gen('both', 'args[0]("try"); try { yield 1; } finally { args[0]("finally"); }');
  const dropped = async (): Promise<string[]> => {
    track({ context: true, onAbandoned: () => {} });
    const seen: string[] = [];
    // Made out here: what a body holds is not to lead to its generator.
    const see = (where: string): void => void seen.push(`${where}: ${store.getStore()}`);
    await (async () => {
      const each = store.run('call', () => both(see));
      await store.run('first step', () => each.next());
    })();
    await store.run('elsewhere', () => collectUntil(() => seen.length === 2));
    return seen;
  };

  test('sees that of the first step, as what is before it does', async () => {
    expect(await dropped()).toEqual(['try: first step', 'finally: first step']);
  });

  test('sees that of the call with keepAsyncContext(), as what is before it does', async () => {
    using _ = keepAsyncContext();
    expect(await dropped()).toEqual(['try: call', 'finally: call']);
  });
});

test('with no option given it is on from Node 24 on, and off before', async () => {
  const isOn = Number.parseInt(process.versions.node, 10) >= 24;
  const tracker = track();
  const seen: unknown[] = [];
  const kept = rows(() => seen.push(store.getStore()));
  await store.run('first step', () => kept.next());
  await store.run('shutdown', () => tracker.shutdown());
  expect(seen).toEqual([isOn ? 'first step' : 'shutdown']);
});

test('what a request leads to is found abandoned, though its context leads to the generator', async () => {
  let now = 0;
  // The watch looks as often as the shortest of its limits asks for.
  track({ context: true, collectAfter: 1, onAbandoned: () => {}, now: () => now });
  const seen: unknown[] = [];
  const see = (): void => void seen.push(requests.getStore());
  await (async () => {
    const request: { answer?: unknown } = {};
    const answer = rows(see);
    request.answer = answer;
    await requests.run(request, () => answer.next());
  })();
  now = 29_999;
  await collectTimes();
  expect(seen).toEqual([]);
  now = 30_000;
  await collectUntil(() => seen.length > 0);
  expect(seen).toEqual([undefined]);
});

test('its timers keep nothing of the first request, while what that has begun is open', async () => {
  track({ context: false, warnAfter: 60_000 });
  const kept = rows(() => {});
  const value = await (async () => {
    const value = { name: 'first' };
    await requests.run(value, () => kept.next());
    return new WeakRef(value);
  })();
  await collectUntil(() => value.deref() === undefined);
  await kept.return(undefined);
});
