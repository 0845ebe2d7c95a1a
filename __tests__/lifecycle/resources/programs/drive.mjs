/**
 * `node --expose-gc <program> <total> <batch>`: opens generators that hold a resource, `batch` at a
 * time, drops them unfinished, collects garbage, until there were `total`; then opens one more
 * batch, which `shutdown` closes. Prints what was counted on the way, as JSON.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { trackAsyncGens } from 'asyncgen-hooks/lifecycle';

/** Beyond this many collections, what is not found abandoned is held by somebody. */
const COLLECTIONS = 60;

/**
 * @param open opens so many generators, takes a first item of each; returns what drops them.
 * @param count asks those who lend the resource how many are lent.
 * @param closings says in how many generators the `finally` block has run to its end.
 */
export async function drive({ open, count, closings }) {
  const [total, batch] = process.argv.slice(2).map(Number);
  let abandoned = 0;
  const tracker = trackAsyncGens({ onAbandoned: () => void abandoned++ });
  // A generator is live until its finally block has come to its end.
  const state = async () => ({ ...(await count()), live: tracker.live().length });
  const before = await state();
  const dropBatch = async () => {
    const drop = await open(batch);
    const held = await state();
    await drop();
    return held;
  };

  const atPeak = [];
  let after = before;
  for (let made = 0; made < total && isDeepStrictEqual(after, before); made += batch) {
    atPeak.push(await dropBatch());
    after = await collectUntil(state, before);
  }
  const record = { before, atPeak: distinct(atPeak), after, abandoned, closings: closings() };

  const drop = await open(batch);
  const { closed, failed, blocked } = await tracker.shutdown();
  record.shutdown = { closed: closed.length, failed: failed.length, blocked: blocked.length };
  await drop();
  record.afterShutdown = await collectUntil(state, after);
  console.log(JSON.stringify(record));
}

/** Collects garbage until the state is the one wanted, or hope is gone; returns what it is. */
async function collectUntil(state, wanted) {
  let now = await state();
  for (let i = 0; i < COLLECTIONS && !isDeepStrictEqual(now, wanted); i++) {
    globalThis.gc();
    await turn();
    await turn();
    now = await state();
  }
  return now;
}

const distinct = (values) =>
  values.filter((value, i) => !values.slice(0, i).some((seen) => isDeepStrictEqual(seen, value)));
