/** Garbage collections on demand, for what counts memory or waits for what was dropped. */
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');

/** Collects, and lets finalizers run, which do so in a turn of their own. */
export async function collectGarbage(times = 1) {
  for (let i = 0; i < times; i++) {
    gc();
    await turn();
    await turn();
  }
}

/** Bytes of the heap that are in use, without garbage. */
export async function heapInUse() {
  await collectGarbage(4);
  return process.memoryUsage().heapUsed;
}
