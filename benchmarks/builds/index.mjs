import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from 'simple-statistics';
import { spread } from '../lib/pairs.mjs';
import { runApart } from '../lib/processes.mjs';
import { builders } from './tools.mjs';

const CHILD = new URL('child.mjs', import.meta.url);
const PACKAGES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** What stands in the application's own sources, and with that is compiled. */
const OWN = {
  openai: 'index.mjs',
  'streaming-iterables': 'dist/index.mjs',
  'it-merge': 'dist/src/index.js',
  'it-queueless-pushable': 'dist/src/index.js',
};

/** An application of real code, a few hundred files, of which a handful have async generators. */
function writeApplication() {
  const folder = mkdtempSync(join(tmpdir(), 'asyncgen-hooks-builds-'));
  mkdirSync(join(folder, 'src'));
  symlinkSync(PACKAGES, join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  const lines = Object.entries(OWN).map(([name, entry], i) => {
    cpSync(join(PACKAGES, name), join(folder, 'src', name), { recursive: true });
    return `export * as part${i} from './${name}/${entry}';\n`;
  });
  writeFileSync(join(folder, 'src/main.js'), lines.join(''));
  return folder;
}

/**
 * Time of a build with the plugin over that of the same one without: of the processor, and by the clock for esbuild,
 * whose work is done by another process.
 *
 * @returns {Promise<{ name: string, ratio: Spread, alone: number, added: number }[]>} the last two in milliseconds, medians
 */
export async function measureBuilds({ dist: url, rounds, log }) {
  const dist = fileURLToPath(url);
  const folder = writeApplication();
  try {
    const rows = [];
    for (const tool of Object.keys(builders)) {
      const field = tool === 'esbuild' ? 'wall' : 'cpu';
      const runs = [];
      for (let i = 0; i <= rounds; i++) {
        const took = {};
        for (const isHooked of i % 2 === 0 ? [false, true] : [true, false])
          took[isHooked] = (await runApart(CHILD, { tool, isHooked, folder, dist }))[field];
        // The first round has the files read from the disk.
        if (i > 0) runs.push(took);
      }
      const row = {
        name: tool,
        ratio: spread(runs.map((took) => took.true / took.false)),
        alone: median(runs.map((took) => took.false)),
        added: median(runs.map((took) => took.true - took.false)),
      };
      rows.push(row);
      log(`build by ${tool}: ${row.ratio.median.toFixed(3)}, ${Math.round(row.added)} ms`);
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
