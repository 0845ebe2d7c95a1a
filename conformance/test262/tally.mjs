import { isSwc } from '../../scripts/compilers.mjs';

const percent = (part, whole) => `${((100 * part) / whole).toFixed(2)} %`;

/** Counts what became of the runs. A run is one test in one mode. */
export class Tally {
  counts = { runs: 0, kept: 0, failing: 0, gained: 0, compiled: 0, spared: 0, refused: 0 };
  calls = { init: 0, firstiter: 0, iter: 0, finalizer: 0, resume: 0 };
  /** name → `{ variants, why, byCompiler }` of each test that is lost in some mode. */
  lost = new Map();
  /** Names of the tests that are kept, in all modes that pass before. */
  kept = new Set();

  add(name, { runs, calls }) {
    for (const run of runs) this.#addRun(name, run);
    for (const [hook, times] of Object.entries(calls)) this.calls[hook] += times;
  }

  /** The thread hung or died. */
  addFailure(name, error) {
    this.counts.runs++;
    this.#lose(name, 'all', error.message, null);
  }

  #addRun(name, { variant, state, before, after, alone }) {
    const { counts } = this;
    counts.runs++;
    if (state in counts) counts[state]++;
    if (before !== null) {
      counts[after === null ? 'gained' : 'failing']++;
    } else if (after !== null) {
      this.#lose(name, variant, after, alone);
    } else if (state.startsWith('missed')) {
      this.#lose(name, variant, `passes, but the plugin ${state}`, null);
    } else {
      counts.kept++;
      this.kept.add(name);
    }
  }

  #lose(name, variant, why, byCompiler) {
    const { variants = [] } = this.lost.get(name) ?? {};
    this.lost.set(name, { variants: [...variants, variant], why, byCompiler });
  }
}

/**
 * Compares with the list of known losses, `{ [way]: { [name]: reason } }`.
 * @returns `{ report, isGood }`.
 */
export function judge(tally, known, { compiler, lower, hooks }) {
  const way = wayOf(lower, hooks);
  const reasons = known[way] ?? {};
  const { counts, lost, kept } = tally;
  const lines = [];
  for (const [name, { variants, why, byCompiler }] of [...lost].sort()) {
    lines.push(`lost   ${name} (${variants.join(', ')})`, `       ${why}`);
    if (byCompiler !== null) lines.push(`       the compiler without us: ${byCompiler}`);
    lines.push(reasons[name] ? `       known: ${reasons[name]}` : '       NOT KNOWN');
  }
  const back = Object.keys(reasons).filter((name) => kept.has(name) && !lost.has(name));
  for (const name of back) lines.push(`kept   ${name}`, '       listed as lost, and it is not');

  const losses = [...lost.values()].reduce((sum, { variants }) => sum + variants.length, 0);
  const fresh = [...lost.keys()].filter((name) => reasons[name] === undefined);
  const byCompiler = [...lost.values()].filter((loss) => loss.byCompiler !== null).length;
  const passing = counts.kept + losses;
  const before = lower || isSwc(compiler) ? 'with the compiler alone' : 'natively';
  lines.push(
    `${compiler}, ${way}: ${counts.runs} runs, ${passing} pass ${before}, ` +
      `${counts.kept} kept (${percent(counts.kept, passing)}), ${losses} lost`,
    `  names: ${lost.size} lost, ${lost.size - fresh.length} of them known, ${fresh.length} new, ${byCompiler} lost by the compiler without us, too; ${back.length} listed and not lost`,
    `  code:  ${counts.compiled} runs compiled, ${counts.refused} refused by the compiler's parser, ${counts.spared} with generators to be left alone only`,
    `  other: ${counts.failing} fail before and after, ${counts.gained} pass after only`,
  );
  if (hooks) lines.push(`  calls: ${Object.entries(tally.calls).flat().join(' ')}`);
  return { report: lines.join('\n'), isGood: fresh.length + back.length === 0 };
}

/** The section of the list: what is lost differs from way to way. */
const wayOf = (lower, hooks) => `${lower ?? 'as written'}${hooks ? ', hooks on' : ''}`;
