/** Measures one configuration, in one form, against native: a process of its own. */
import { calibrate, measurePair, spread, time } from '../lib/pairs.mjs';
import { answer, readJob } from '../lib/processes.mjs';
import { alternatives, ours } from './configurations.mjs';
import { importFunctions, writeFunctions } from './functions.mjs';

const { dist, name, form, count, items, rounds, side } = readJob();
const configuration = [...ours(dist), ...alternatives].find((one) => one.name === name);

const text = writeFunctions(form, count);
const nativeFunctions = await importFunctions(text);
const given = side === 'native' ? undefined : await configuration.setUp?.(dist);
const within = typeof given === 'function' ? given : (work) => work();
const compiled = (await configuration.compile?.(text, dist)) ?? text;
const variantFunctions = await importFunctions(compiled, configuration.wrap);
const { run: runNative } = await import('./runner.mjs?native');
const { run: runVariant } = await import('./runner.mjs?variant');

/** Real waits are asked for as `'10 waits'`. */
function parse(item) {
  const kind = typeof item === 'string' ? 'waiting' : 'quick';
  return { kind, length: Number.parseInt(item, 10) };
}

async function measureItem(item) {
  const { kind, length } = parse(item);
  const native = (n) => within(() => runNative(nativeFunctions[kind], n, length));
  const variant = (n) => within(() => runVariant(variantFunctions[kind], n, length));
  const n = await calibrate(native);
  const { ratio, ...times } = await measurePair(
    () => native(n),
    () => variant(n),
    { rounds },
  );
  return { ratio, native: (times.native * 1e6) / n, variant: (times.variant * 1e6) / n };
}

/** One side alone: its times, in nanoseconds a generator. */
async function measureSide(item) {
  const { kind, length } = parse(item);
  const functions = side === 'native' ? nativeFunctions : variantFunctions;
  const work = (n) => runVariant(functions[kind], n, length);
  const n = await calibrate(work);
  const times = [];
  for (let i = 0; i < rounds; i++) times.push((await time(() => work(n))) * (1e6 / n));
  return spread(times).median;
}

const results = [];
for (const item of items) results.push(await (side ? measureSide : measureItem)(item));
answer(results);
