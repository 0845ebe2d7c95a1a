/** Holds many generators that have given one item each: what that takes, in a process of its own. */
import { setImmediate } from 'node:timers/promises';
import { calibrate, measurePair, time } from '../lib/pairs.mjs';
import { answer, readJob } from '../lib/processes.mjs';
import { importFunctions, writeFunctions } from '../runtime/functions.mjs';
import { alternatives, ours } from '../runtime/configurations.mjs';

const { dist, name, form, live, turnover, rounds } = readJob();
const configuration = [...ours(dist), ...alternatives].find((one) => one.name === name);

const text = writeFunctions(form, 1);
const nativeFunctions = (await importFunctions(text)).quick;
await configuration?.setUp?.(dist);
const compiled = (await configuration?.compile?.(text, dist)) ?? text;
const functions = (await importFunctions(compiled, configuration?.wrap)).quick;

const held = new Array(live).fill(undefined);

/**
 * Makes `count` generators and takes one item of each. Each takes the place of the one that is
 * `live` older, which is closed. A turn of the event loop now and then, as a program has, lets
 * finalization callbacks run.
 */
async function replace(count) {
  const [fn] = functions;
  for (let i = 0; i < count; i++) {
    const at = i % live;
    if (held[at] !== undefined) await held[at].return();
    const gen = (held[at] = fn(2));
    await gen.next();
    if (i % 1000 === 0) await setImmediate();
  }
}

async function usedMemory() {
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

// The code that the loop above needs is compiled, and one generator has met all there is to meet.
for (let i = 0; i < 2000; i++) for await (const _ of functions[0](2));
await functions[0](2).next();

const before = await usedMemory();
await replace(live);
const after = await usedMemory();
const took = await time(() => replace(turnover));

/** Short-lived generators beside the many, against native ones. */
async function measureShort() {
  const { run: runNative } = await import('../runtime/runner.mjs?native');
  const { run: runVariant } = await import('../runtime/runner.mjs?variant');
  const n = await calibrate((times) => runNative(nativeFunctions, times, 1));
  const { ratio } = await measurePair(
    () => runNative(nativeFunctions, n, 1),
    () => runVariant(functions, n, 1),
    { rounds },
  );
  return ratio;
}

answer({
  bytes: (after - before) / live,
  nanoseconds: (took * 1e6) / turnover,
  short: rounds > 0 ? await measureShort() : undefined,
  held: held.length,
});
