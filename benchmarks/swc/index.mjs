import { findMissingForSwc } from '../../scripts/swc.mjs';
import { runApart } from '../lib/processes.mjs';
import { EMPTY, OURS, preparePlugins } from './plugins.mjs';

const CHILD = new URL('child.mjs', import.meta.url);

/** The goals of the plugin, over an empty one: for files with async generators, and for files without. */
export const GOALS = [1.3, 0.8];

/** Below so many bytes, what a plugin costs is mostly that SWC makes an instance of it for each file. */
export const LONG = 4000;

/** Which files are measured apart, and how many rounds take to come by all of them. */
const KINDS = [
  { withGenerators: true, from: 0, share: 1 },
  // There are forty times as many without.
  { withGenerators: false, from: 0, share: 12 },
  { withGenerators: false, from: LONG, share: 6 },
];

/**
 * Compile time of SWC with a plugin over SWC alone, and over SWC with a plugin that does nothing.
 *
 * @returns {Promise<{ skipped: string } | { cells: { overAlone: Record<string, Spread>, overOne: Record<string, Spread>,
 *   files: number }[] }>} cells for files with generators, for files without, and for the long ones of these
 */
export async function measureSwc({ rounds, log }) {
  const missing = findMissingForSwc();
  if (missing !== undefined) return { skipped: missing };
  const plugins = preparePlugins();
  if (plugins === undefined) return { skipped: 'no toolchain here builds the empty plugin.' };
  const cells = [];
  for (const kind of KINDS) {
    const job = { plugins, ...kind, rounds, over: EMPTY };
    const cell = await runApart(CHILD, job);
    cells.push(cell);
    log(`${OURS}, ${cell.files} files: ${cell.overOne[OURS].median.toFixed(3)} of an empty one`);
  }
  return { cells };
}
