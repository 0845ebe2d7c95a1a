import { spread } from '../lib/pairs.mjs';
import { runApart } from '../lib/processes.mjs';
import { API_LOADED, COMMON_HOOKS, NO_HOOKS } from '../runtime/configurations.mjs';

const CHILD = new URL('child.mjs', import.meta.url);
const FLAGS = ['--expose-gc', '--max-old-space-size=8192'];

const NATIVE = 'native again (control)';

const CASES = [
  { name: NO_HOOKS, form: 'declaration' },
  { name: NO_HOOKS, form: 'expression' },
  { name: API_LOADED, form: 'declaration' },
  { name: 'iter', form: 'declaration' },
  { name: 'finalizer', form: 'declaration' },
  { name: COMMON_HOOKS, form: 'declaration' },
  { name: 'tracker (`trackAsyncGens`)', form: 'declaration' },
];

/**
 * Memory of a generator that has given one item and waits, over that of a native one.
 *
 * @returns {Promise<{ name: string, form: string, native: number, bytes: number }[]>} `native` and
 *   the `bytes` added
 */
export async function measureLiveMemory({ dist, names, live = 100_000, log }) {
  const bytesOf = async (name, form) =>
    (await runApart(CHILD, { dist, name, form, live, turnover: 0, rounds: 0 }, FLAGS)).bytes;
  const natives = {};
  const rows = [];
  for (const { name, form } of CASES.filter((one) => names.includes(one.name))) {
    const native = (natives[form] ??= await bytesOf(NATIVE, form));
    const bytes = (await bytesOf(name, form)) - native;
    rows.push({ name, form, native, bytes });
    log(`${name}, ${form}: ${bytes.toFixed(0)} bytes on top of ${native.toFixed(0)}`);
  }
  return rows;
}

/** So many generators are made while the number of live ones stays the same. */
const TURNOVER = 200_000;

/**
 * Cost as the number of live generators grows: of one that is made, gives an item and is closed
 * when so many younger ones are there (`long`), and of one that is read to its end at once
 * (`short`).
 *
 * @returns {Promise<{ live: number, cells: { name: string, long: Spread, short: Spread }[] }[]>}
 *   ratios to native; `long` to as many native ones in another process
 */
export async function measureLiveCost({ dist, names, lives, rounds, log }) {
  const rows = [];
  for (const live of lives) {
    const times = Object.fromEntries([NATIVE, ...names].map((name) => [name, []]));
    const shorts = {};
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 ? Object.keys(times).reverse() : Object.keys(times);
      for (const name of order) {
        const pairRounds = round === 0 && name !== NATIVE ? 15 : 0;
        const job = {
          dist,
          name,
          form: 'declaration',
          live,
          turnover: TURNOVER,
          rounds: pairRounds,
        };
        const { nanoseconds, short } = await runApart(CHILD, job, FLAGS);
        times[name].push(nanoseconds);
        shorts[name] ??= short;
      }
    }
    const cells = names.map((name) => ({
      name,
      long: spread(times[name].map((value, i) => value / times[NATIVE][i])),
      short: shorts[name],
    }));
    rows.push({ live, native: spread(times[NATIVE]).median, cells });
    const shown = cells.map(
      ({ name, long, short }) => `${name} ${long.median.toFixed(2)} ${short.median.toFixed(2)}`,
    );
    log(`${live} live: ${shown.join(', ')}`);
  }
  return rows;
}
