import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

let isTold = false;
const registry = new FinalizationRegistry(() => (isTold = true));

/**
 * Collects garbage and lets finalizers run until `done` holds. Throws after 50 collections,
 * and says whether somebody holds it or V8 tells of nothing any more.
 */
export async function collectUntil(done: () => boolean): Promise<void> {
  isTold = false;
  registry.register({}, undefined);
  for (let i = 0; i < 50; i++) {
    if (done()) return;
    await turns(2);
    collectGarbage();
    await turns(2);
  }
  const why = isTold
    ? 'Somebody holds it'
    : 'V8 tells no registry in this process (docs/limits.md)';
  throw new Error(`gc: what the test waits for did not happen in 50 collections. ${why}.`);
}

/** A fixed number of collections, for what must not happen. */
export async function collectTimes(times = 6): Promise<void> {
  for (let i = 0; i < times; i++) {
    await turns(2);
    collectGarbage();
    await turns(2);
  }
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
}
