/** Loaded by Node in the thread that it keeps for loaders. */
import { createThreadHooks } from '../loader/node-20-22.14/thread.js';
import { Notes } from './notes.js';
import { Run } from './run.js';

export const { initialize, load } = createThreadHooks(() => {
  const run = Run.join();
  return run && new Notes().watcher(run);
});
