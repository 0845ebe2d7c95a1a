import { parentPort, workerData } from 'node:worker_threads';
import { open, runBatch } from './batch.mjs';
import { SIZE, seedOf } from './seeds.mjs';

const { seed, dist, compiler, edits } = workerData;
const target = open(dist, compiler, edits);

parentPort.on('message', async (batch) => {
  if (batch === null) return parentPort.close();
  const failure = await runBatch(seedOf(seed, batch), SIZE, target);
  return parentPort.postMessage({ batch, failure: failure && JSON.parse(JSON.stringify(failure)) });
});
