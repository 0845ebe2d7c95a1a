import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { turn } from '../../../time.js';

/** The runtime registers what outlived one collection, so the second finds it; its callback is a task. */
const ROUNDS = 3;

/** Collects garbage until what the program dropped is known to be abandoned. */
export async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  for (let i = 0; i < ROUNDS; i++) {
    gc();
    await turn();
  }
}
