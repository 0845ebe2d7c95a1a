/**
 * Sends a million async generators through the plugin and a tracker, counts how they end and looks
 * whether memory grows: `npm run soak -- [--generators 1000000] [--kinds finished,mixed]`.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SingleBar } from 'cli-progress';
import { closestMatch } from 'leven';
import { collectGarbage, heapInUse } from './garbage.mjs';

const require = createRequire(import.meta.url);
const dist = (name) => fileURLToPath(new URL(`../dist/${name}.cjs`, import.meta.url));

const SOURCE = `
  module.exports = async function* items(isToFail, onEnd) {
    try {
      for (let i = 0; i < 3; i++) yield i;
      if (isToFail) throw new Error('the soak wants it');
    } finally {
      onEnd();
    }
  };
`;

/** How a generator that gave its first item is used, by the outcome that the hooks have to tell. */
const USES = {
  exhausted: async (gen) => {
    while (!(await gen.next()).done);
  },
  closed: (gen) => gen.return(),
  abandoned: async () => {},
  failed: (gen) => USES.exhausted(gen).catch(() => {}),
};
const OUTCOMES = Object.keys(USES);

/** What a batch is made of: generators of one outcome, one after the other; or all side by side. */
const KINDS = { finished: 'exhausted', closed: 'closed', abandoned: 'abandoned', failed: 'failed' };
const KIND_NAMES = [...Object.keys(KINDS), 'mixed'];

const BATCH = 1000;
/** Garbage is collected after so many generators, and as often as it takes at a measurement. */
const COLLECT_EVERY = 20 * BATCH;
const MAX_COLLECTIONS = 50;
const MAX_GROWTH = 0.1;
/** Every kind comes in the first tenth. */
const MIN_GENERATORS = 10 * KIND_NAMES.length * BATCH;

class Failure extends Error {}

/** @throws Failure for what the command line may not say. */
function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        generators: { type: 'string', default: '1000000' },
        kinds: { type: 'string', default: KIND_NAMES.join() },
      },
    }));
  } catch ({ message }) {
    throw new Failure(`command line, ${message}. Use --generators N and --kinds a,b.`);
  }
  const generators = Number(values.generators);
  if (!Number.isSafeInteger(generators) || generators < MIN_GENERATORS) {
    throw new Failure(
      `--generators, it is ${values.generators}. Pass a whole number from ${MIN_GENERATORS} on.`,
    );
  }
  const kinds = values.kinds.split(',');
  for (const kind of kinds) {
    if (KIND_NAMES.includes(kind)) continue;
    throw new Failure(
      `--kinds, "${kind}" is none. Did you mean "${closestMatch(kind, KIND_NAMES)}"? ` +
        `The kinds are ${KIND_NAMES.join(', ')}.`,
    );
  }
  return { generators, kinds };
}

/** @throws Failure where the package is not built. */
function load() {
  try {
    const { trackAsyncGens } = require(dist('lifecycle'));
    const { addAsyncGenHooks } = require(dist('index'));
    const { code } = require('@babel/core').transformSync(SOURCE, {
      configFile: false,
      babelrc: false,
      sourceType: 'script',
      plugins: [[dist('babel'), { importSource: dist('shim') }]],
    });
    const module = {};
    new Function('module', 'require', code)(module, require);
    return { items: module.exports, trackAsyncGens, addAsyncGenHooks };
  } catch (cause) {
    if (cause.code !== 'MODULE_NOT_FOUND') throw cause;
    throw new Failure(`dist, a file is missing in it. Run "npm run build".`, { cause });
  }
}

/** The soak: what was made, and what the hooks told of it. */
class Soak {
  #items;
  #tracker;
  /** How many of each outcome there have to be. */
  made = zeros();
  /** How many of each outcome the `finalizer` hook told. */
  told = zeros();
  /** How often the tracker told of an abandoned one, and how many `finally` blocks ran. */
  closedByTracker = 0;
  ended = 0;

  constructor({ items, trackAsyncGens, addAsyncGenHooks }) {
    this.#items = items;
    this.#tracker = trackAsyncGens({ onAbandoned: () => void this.closedByTracker++ });
    addAsyncGenHooks({ finalizer: (_, { type }) => void this.told[type]++ });
  }

  async batch(kind, size) {
    if (kind === 'mixed') return this.#mixedBatch(size);
    for (let i = 0; i < size; i++) await USES[KINDS[kind]](await this.#begin(KINDS[kind]));
  }

  async #mixedBatch(size) {
    const outcomes = Array.from({ length: size }, (_, i) => OUTCOMES[i % OUTCOMES.length]);
    const gens = await Promise.all(outcomes.map((outcome) => this.#begin(outcome)));
    await Promise.all(gens.map((gen, i) => USES[outcomes[i]](gen)));
  }

  async #begin(outcome) {
    this.made[outcome]++;
    const gen = this.#items(outcome === 'failed', () => void this.ended++);
    await gen.next();
    return gen;
  }

  /** Collects garbage until all that was abandoned is closed, or hope is gone. */
  async settle() {
    for (let i = 0; i < MAX_COLLECTIONS && this.#tracker.live().length > 0; i++)
      await collectGarbage();
  }

  /** Each fact that is not as it has to be. */
  faults() {
    const total = OUTCOMES.reduce((sum, outcome) => sum + this.made[outcome], 0);
    const facts = [
      ...OUTCOMES.map((outcome) => [
        `outcome "${outcome}"`,
        this.told[outcome],
        this.made[outcome],
      ]),
      ['onAbandoned calls', this.closedByTracker, this.made.abandoned],
      ['finally blocks that ran', this.ended, total],
      ['live generators at the end', this.#tracker.live().length, 0],
    ];
    return facts.filter(([, is, has]) => is !== has);
  }
}

const zeros = () => Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0]));

/** Bytes of the heap that are in use, without garbage. */
async function measure(soak) {
  await soak.settle();
  return await heapInUse();
}

async function main() {
  const { generators, kinds } = readOptions();
  const soak = new Soak(load());
  const bar = new SingleBar({
    format: '{bar} {percentage}% | {value}/{total} generators | {eta_formatted} left | heap {heap}',
    noTTYOutput: true,
    notTTYSchedule: 5000,
  });
  const start = performance.now();
  let afterTenth;
  bar.start(generators, 0, { heap: '-' });
  try {
    for (let made = 0, round = 0; made < generators; round++) {
      const size = Math.min(BATCH, generators - made);
      await soak.batch(kinds[round % kinds.length], size);
      made += size;
      if (made % COLLECT_EVERY === 0) await soak.settle();
      if (afterTenth === undefined && made >= generators / 10) afterTenth = await measure(soak);
      bar.update(made, { heap: megabytes(process.memoryUsage().heapUsed) });
    }
  } finally {
    bar.stop();
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  report(soak, { afterTenth, atEnd: await measure(soak), seconds });
}

/** @throws Failure for a wrong count, or memory that grew. */
function report(soak, { afterTenth, atEnd, seconds }) {
  const growth = atEnd / afterTenth - 1;
  const percent = `${growth < 0 ? '' : '+'}${(100 * growth).toFixed(1)} %`;
  console.table(
    OUTCOMES.map((outcome) => ({ outcome, told: soak.told[outcome], made: soak.made[outcome] })),
  );
  console.log(
    `${seconds} s; heap ${megabytes(afterTenth)} after a tenth, ${megabytes(atEnd)} at the end (${percent})`,
  );
  const faults = soak.faults();
  if (faults.length > 0) {
    const text = faults.map(([fact, is, has]) => `${fact}: ${is} instead of ${has}`).join('; ');
    throw new Failure(`counts, ${text}. Run it with one of --kinds to see which is lost.`);
  }
  if (growth > MAX_GROWTH) {
    throw new Failure(
      `memory, it grew by ${percent.slice(1)} after the first tenth, above ${100 * MAX_GROWTH} %. Run it ` +
        'with --inspect, and compare heap snapshots for what holds the generators that ended.',
    );
  }
}

const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

main().catch((error) => {
  process.exitCode = 1;
  console.error(error instanceof Failure ? `soak: ${error.message}` : error);
});
