import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from 'simple-statistics';
import { readCorpus } from '../compile/corpus.mjs';
import { spread } from '../lib/pairs.mjs';
import { runApart } from '../lib/processes.mjs';
import { builders } from './tools.mjs';

/** Without a plugin, with one that does nothing, and with ours. */
const KINDS = ['without', 'empty', 'with'];

const CHILD = new URL('child.mjs', import.meta.url);

/** An ES module, by a word at the begin of a line. */
const MODULE = /^(?:import|export)\b/m;

/**
 * The ES modules of the corpus as one application: some two thousand files, of which ninety have async
 * generators. Packages stay outside, and so do modules that import what the corpus leaves out.
 */
async function writeApplication(folder) {
  const sources = join(folder, 'src');
  const modules = new Set();
  for (const { path, code } of readCorpus()) {
    if (!MODULE.test(code)) continue;
    const file = join(sources, path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
    modules.add(file);
  }
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  do {
    const lines = [...modules].map(
      (file, i) => `export * as part${i} from './${relative(sources, file)}';\n`,
    );
    writeFileSync(join(sources, 'main.js'), lines.join(''));
  } while (await removeBroken(modules, folder));
}

/** @returns whether there was one, and others may import it */
async function removeBroken(modules, folder) {
  const { load, build } = builders.esbuild;
  try {
    await build(await load(), { folder, plugins: [] });
    return false;
  } catch (error) {
    for (const file of new Set(error.errors.map(({ location }) => resolve(location.file)))) {
      if (!modules.delete(file)) throw error;
      rmSync(file);
    }
    return true;
  }
}

/**
 * Time of a build with the plugin, and with an empty one, over that of the same one without: of the processor, and by the clock for esbuild,
 * whose work is done by another process.
 *
 * @returns {Promise<{ name: string, ratio: Spread, empty: Spread, alone: number, added: number }[]>} the last two in milliseconds, medians
 */
export async function measureBuilds({ dist: url, rounds, log }) {
  const dist = fileURLToPath(url);
  const folder = mkdtempSync(join(tmpdir(), 'asyncgen-hooks-builds-'));
  try {
    await writeApplication(folder);
    const rows = [];
    for (const tool of Object.keys(builders)) {
      const field = tool === 'esbuild' ? 'wall' : 'cpu';
      const runs = [];
      for (let i = 0; i <= rounds; i++) {
        const took = {};
        for (const kind of i % 2 === 0 ? KINDS : KINDS.toReversed())
          took[kind] = (await runApart(CHILD, { tool, kind, folder, dist }))[field];
        // The first round has the files read from the disk.
        if (i > 0) runs.push(took);
      }
      const row = {
        name: tool,
        ratio: spread(runs.map((took) => took.with / took.without)),
        empty: spread(runs.map((took) => took.empty / took.without)),
        alone: median(runs.map((took) => took.without)),
        added: median(runs.map((took) => took.with - took.without)),
      };
      rows.push(row);
      const [ours, empty] = [row.ratio, row.empty].map(({ median }) => median.toFixed(3));
      log(`build by ${tool}: ${ours}, ${Math.round(row.added)} ms; with an empty plugin ${empty}`);
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
