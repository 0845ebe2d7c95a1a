import { measure } from 'mitata';
import { median, quantile } from 'simple-statistics';

/** One run lasts about this long, in milliseconds: some scavenges of garbage fall into each. */
const RUN = 8;

/** @typedef {{ median: number, low: number, high: number }} Spread the middle, p25 and p75 */

/** @returns {Spread} */
export function spread(samples) {
  return {
    median: median(samples),
    low: quantile(samples, 0.25),
    high: quantile(samples, 0.75),
  };
}

/**
 * Milliseconds of processor time that `work` took: of all threads of the process, so that the
 * collector's are in it, and what other processes do is not. On a machine with four times as much
 * to do as it has cores, ratios by the clock on the wall spread by 20 %, these by 3 %.
 */
export async function time(work) {
  const start = process.cpuUsage();
  await work();
  return since(start);
}

/** The same for what is synchronous. */
export function timeSync(work) {
  const start = process.cpuUsage();
  work();
  return since(start);
}

function since(start) {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** How often `work(n)` has to do its thing to last one run. */
export async function calibrate(work) {
  let n = 1;
  let took = await time(() => work(n));
  while (took < RUN / 4) took = await time(() => work((n *= 2)));
  for (let i = 0; i < 10; i++) took = await time(() => work(n));
  return Math.max(1, Math.ceil((n * RUN) / took));
}

/**
 * Ratio of `variant` to `native`, both functions that run for some milliseconds.
 *
 * A round runs native, variant, variant, native (the next one the other way round) and gives one
 * ratio, so that what slows the machine for longer than a round slows both. mitata keeps the
 * rounds: it takes the ratio for the time of a benchmark that times itself (`manual`), and leaves
 * out the two lowest and the two highest.
 *
 * @returns {Promise<{ ratio: Spread, native: number, variant: number }>} the last two in
 *   milliseconds a run, medians
 */
export async function measurePair(native, variant, { rounds, warmup = 3 }) {
  const times = { native: [], variant: [] };
  let turn = 0;
  const round = async () => {
    const swap = turn++ % 2 === 1;
    const [outer, inner] = swap ? [variant, native] : [native, variant];
    const first = await time(outer);
    const between = (await time(inner)) + (await time(inner));
    const around = first + (await time(outer));
    const [nativeTime, variantTime] = swap ? [between, around] : [around, between];
    times.native.push(nativeTime / 2);
    times.variant.push(variantTime / 2);
    return variantTime / nativeTime;
  };
  for (let i = 0; i < warmup; i++) await round();
  const { p25, p50, p75 } = await measure(round, {
    manual: 'manual',
    gc: false,
    min_samples: rounds,
    max_samples: rounds,
    min_cpu_time: 0,
  });
  return {
    ratio: { median: p50, low: p25, high: p75 },
    native: median(times.native),
    variant: median(times.variant),
  };
}
