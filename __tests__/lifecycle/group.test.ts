import { afterEach, expect, jest, test } from '@jest/globals';
import { AsyncGenGroup, groupAsyncGens } from '../../src/lifecycle/group.js';
import { collectUntil } from '../helpers/gc.js';
import { DONE, fine, gen, names, rows, track } from './support/track.js';

// It stands on the hooks as they are published, as trackers do.
jest.mock('../../src/runtime/index.js', () => jest.requireActual('asyncgen-hooks'));
// An ES module, which Jest cannot load; it is for options that are wrong, and here none is.
jest.mock('leven', () => ({}));

/** The runners of tests have groups; no entry exports them. */
const LIMITS = { timeout: 5000, totalTimeout: 7000, concurrency: 1 };

let groups: { remove(): void } | undefined;
function groupAll(group: AsyncGenGroup, name?: string): void {
  groups = groupAsyncGens((site) => (name === undefined || site.name === name ? group : undefined));
}
afterEach(() => groups?.remove());

test('a group lists what began in it and has not ended, and closes it; what is in none stays', async () => {
  const group = new AsyncGenGroup();
  groupAll(group, 'fine');
  const [inside, ended, outside] = [fine(), fine(), rows()];
  for (const each of [inside, ended, outside]) await each.next();
  await ended.return(undefined);
  expect(names(group.live())).toEqual(['fine']);
  const { closed, failed, blocked } = await group.close(LIMITS);
  expect([names(closed), failed, blocked]).toEqual([['fine'], [], []]);
  expect([group.live(), await inside.next()]).toEqual([[], DONE]);
  expect(await outside.next()).toEqual({ value: 1, done: false });
});

test('it owns nothing: a scope of the program has what it has without', async () => {
  const group = new AsyncGenGroup();
  groupAll(group);
  const scope = track().scope();
  const each = fine();
  await scope.run(() => each.next());
  expect([names(group.live()), names(scope.live())]).toEqual([['fine'], ['fine']]);
  await scope.close();
  expect(group.live()).toEqual([]);
});

test('what the program drops is closed, and told ever after, before what is open', async () => {
  const group = new AsyncGenGroup();
  groupAll(group);
  const kept = rows();
  const record: string[] = [];
  await kept.next();
  await fine(record).next();
  await collectUntil(() => group.dropped.length > 0 && group.open.size === 1);
  expect([record, names(group.live())]).toEqual([['closed'], ['fine', 'rows']]);
  await group.close(LIMITS);
  expect(names(group.live())).toEqual(['fine']);
});

/** What `work` leaves unhandled. */
async function unhandledIn(work: () => Promise<void>): Promise<unknown[]> {
  const unhandled: unknown[] = [];
  const hear = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', hear);
  try {
    await work();
    await new Promise(setImmediate);
    return unhandled;
  } finally {
    process.off('unhandledRejection', hear);
  }
}

/** Drops one that is being closed. @returns what has it fail. */
async function dropStuck(group: AsyncGenGroup): Promise<() => void> {
  let fail!: () => void;
  const wait = new Promise<void>((resolve) => (fail = resolve));
  const stuck = gen('stuck', 'try { yield 1; } finally { await args[0]; throw new Error(); }');
  await stuck(wait).next();
  await collectUntil(() => group.dropped.length > 0);
  return fail;
}

test('closing waits for what is dropped and closes; what fails there is told of nobody', async () => {
  const group = new AsyncGenGroup();
  groupAll(group);
  const unhandled = await unhandledIn(async () => {
    const fail = await dropStuck(group);
    const order: string[] = [];
    const closing = group.close(LIMITS).then(({ closed, failed }) => {
      order.push('closed');
      return [names(closed), failed.length];
    });
    await new Promise(setImmediate);
    order.push('failed');
    fail();
    expect(await closing).toEqual([[], 1]);
    expect(order).toEqual(['failed', 'closed']);
  });
  expect([unhandled, group.open.size]).toEqual([[], 0]);
});

test('what has failed before the closing comes to it has failed', async () => {
  const group = new AsyncGenGroup();
  groupAll(group);
  const fail = await dropStuck(group);
  const closing = group.close(LIMITS);
  fail();
  const { closed, failed } = await closing;
  expect([names(closed), names(failed)]).toEqual([[], ['stuck']]);
});

test('and if nobody closes the group', async () => {
  const group = new AsyncGenGroup();
  groupAll(group);
  const unhandled = await unhandledIn(async () => {
    await gen('fails', 'try { yield 1; } finally { throw new Error(); }')().next();
    await collectUntil(() => group.dropped.length > 0 && group.open.size === 0);
  });
  expect(unhandled).toEqual([]);
});

test('remove() puts no more into a group; what is in one stays there', async () => {
  const group = new AsyncGenGroup();
  groupAll(group);
  const [before, after] = [fine(), rows()];
  await before.next();
  groups!.remove();
  await after.next();
  expect(names(group.live())).toEqual(['fine']);
  await before.return(undefined);
  expect(group.live()).toEqual([]);
});
