import { findMissingForSwc } from '../../scripts/swc.mjs';
import { runApart } from '../lib/processes.mjs';
import { EMPTY, OURS, preparePlugins } from './plugins.mjs';

const CHILD = new URL('child.mjs', import.meta.url);

/** The goals of the plugin, over an empty one: for files with async generators, and for files without. */
export const GOALS = [1.3, 0.8];

/**
 * Compile time of SWC with a plugin over SWC alone, and over SWC with a plugin that does nothing.
 *
 * @returns {Promise<{ skipped: string } | { cells: { overAlone: Record<string, Spread>, overOne: Record<string, Spread>,
 *   files: number }[] }>} cells for files with generators and for files without
 */
export async function measureSwc({ rounds, log }) {
  const missing = findMissingForSwc();
  if (missing !== undefined) return { skipped: missing };
  const plugins = preparePlugins();
  if (plugins === undefined) return { skipped: 'no toolchain here builds the empty plugin.' };
  const cells = [];
  for (const withGenerators of [true, false]) {
    // There are forty times as many files without: each round takes a part of them.
    const share = withGenerators ? 1 : 12;
    const job = { plugins, withGenerators, rounds, share, from: EMPTY };
    const cell = await runApart(CHILD, job);
    cells.push(cell);
    log(`${OURS}, ${cell.files} files: ${cell.overOne[OURS].median.toFixed(3)} of an empty one`);
  }
  return { cells };
}
