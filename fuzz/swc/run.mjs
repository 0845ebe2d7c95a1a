/** `npm run fuzz:swc`: trees that no SWC has made, through the plugin. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { findRust, testRust } from '../../scripts/rust.mjs';
import { findMissingForSwc, SWC } from '../../scripts/swc.mjs';
import { build, findToolchain } from '../../scripts/swc-toolchain.mjs';
import { readArguments, readCount, runCommand, UsageError } from '../../scripts/usage.mjs';
import { testCase } from '../arbitrary.mjs';
import { printProgram } from '../print.mjs';

const HELP = `Usage: npm run fuzz:swc -- [options]

Takes the trees of random programs and of all fixtures, as SWC of each generation writes them, changes them at random and
compiles what still is a tree, by the plugin that is built for this machine. Asks that nothing panics, and that no generation
reads a tree of the other.

  --programs <number>   how many (default 100)
  --mutations <number>  of each tree (default 200)
  --seed <number>       one seed gives one run; random if left out
  --help                prints this

Exits with 1 if something panicked.
`;

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));

runCommand('fuzz/swc', async () => {
  const { values } = readArguments({
    programs: { type: 'string', default: '100' },
    mutations: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
  });
  if (values.help) return console.log(HELP);
  const seed = readCount('--seed', values.seed, 0);
  const mutations = readCount('--mutations', values.mutations, 1);
  const programs = readCount('--programs', values.programs, 0);
  const [missing, toolchain, rust] = [findMissingForSwc(), findToolchain(), findRust()];
  if (missing) throw new UsageError(missing);
  if (!toolchain || !rust) {
    throw new UsageError('there is no Rust. See docs/swc.md, "Building it".');
  }
  const plugin = build(toolchain, ['--example', 'capture_plugin'], 'examples/capture_plugin.wasm');
  if (!plugin) throw new Error('the capture plugin was not built. See above.');
  const folder = mkdtempSync(join(tmpdir(), 'asyncgen-hooks-trees-'));
  try {
    const texts = [...randomTexts(seed, programs), ...fixtureTexts()];
    for (const compiler of Object.keys(SWC)) writeTrees(folder, compiler, plugin, texts);
    console.log(`seed ${seed}, ${texts.length} programs`);
    const { status } = testRust(rust, ['trees_of_programs', '--', '--ignored', '--nocapture'], {
      ASYNCGEN_TREES: folder,
      ASYNCGEN_MUTATIONS: String(mutations),
      ASYNCGEN_SEED: String(seed),
    });
    process.exitCode = status === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function randomTexts(seed, numRuns) {
  return fc.sample(testCase, { seed, numRuns }).map((one) => {
    const { top, main } = printProgram(one, 'p_');
    return { code: `${top}\nprograms[0] = ${main};`, isModule: one.strict };
  });
}

function fixtureTexts() {
  return readdirSync(fixtures, { recursive: true })
    .filter((path) => /(?:exec|input)\.[cm]?[jt]sx?$/.test(path))
    .map((path) => ({
      code: readFileSync(join(fixtures, path), 'utf8'),
      isModule: 'unknown',
      isTypeScript: extname(path).includes('ts'),
    }));
}

/** One file for each tree: `<compiler>/<number>.tree`. */
function writeTrees(folder, compiler, plugin, texts) {
  const { status, stderr } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('capture.mjs', import.meta.url))],
    { input: JSON.stringify({ plugin, compiler, texts }), encoding: 'utf8', maxBuffer: 2 ** 30 },
  );
  const trees = [...stderr.matchAll(/^tree ([0-9a-f]+)$/gm)];
  if (status !== 0 || trees.length === 0) throw new Error(`${compiler} gave no trees. ${stderr}`);
  const own = join(folder, compiler);
  mkdirSync(own);
  for (const [i, [, hex]] of trees.entries())
    writeFileSync(join(own, `${i}.tree`), Buffer.from(hex, 'hex'));
}
