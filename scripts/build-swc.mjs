/**
 * Builds the SWC plugin, `swc/asyncgen_hooks.wasm`, from the Rust sources in `swc/`: with rustup's toolchain where it has the
 * target wasm32-wasip1, else with Debian's packages. Where there is neither, it says so and ends well: all else of the
 * package is built and tested without.
 *
 * The same sources and the same toolchain give the same bytes: no path of the machine gets into them.
 */
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, DEBIAN, findToolchain, folder, TARGET } from './swc-toolchain.mjs';

const output = join(folder, 'asyncgen_hooks.wasm');
const toolchain = findToolchain();
if (toolchain === undefined) {
  console.log(
    `build:swc: skipped, no Rust toolchain here builds for ${TARGET}. On Debian: apt-get install ${DEBIAN}; with rustup: rustup target add ${TARGET}.`,
  );
} else {
  const start = performance.now();
  const built = build(toolchain, ['--lib', ...process.argv.slice(2)], 'asyncgen_hooks_swc.wasm');
  if (built === undefined) process.exit(1);
  copyFileSync(built, output);
  const bytes = readFileSync(output);
  const kb = (size) => `${Math.round(size / 1000)} kB`;
  console.log(
    `swc/asyncgen_hooks.wasm: ${kb(bytes.length)}, gzipped ${kb(gzipSync(bytes).length)}, built in ${Math.round((performance.now() - start) / 1000)} s`,
  );
}
