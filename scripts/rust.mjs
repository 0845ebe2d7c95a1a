/** A cargo of this machine that has clippy and rustfmt, for the Rust of `swc/`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AST_FLAGS } from './swc-toolchain.mjs';

export const folder = fileURLToPath(new URL('../swc/', import.meta.url));

/** rustup's, or whatever comes first; then Debian's. */
const PATHS = [process.env.PATH, `/usr/bin:${process.env.PATH}`];

/** @returns `{ run(command, args, env) }`, which gives what `spawnSync` does; `undefined` where there is none. */
export function findRust() {
  const PATH = PATHS.find((PATH) =>
    ['cargo', 'clippy-driver', 'rustfmt'].every(
      (name) => spawnSync(name, ['--version'], { env: { ...process.env, PATH } }).status === 0,
    ),
  );
  if (PATH === undefined) return undefined;
  const run = (command, args, env = {}) =>
    spawnSync(command, args, {
      cwd: folder,
      stdio: 'inherit',
      env: { ...process.env, PATH, ...env },
    });
  return { run };
}

/** Tests of the plugin on this machine, linted: clippy takes the place of the compiler, or it would build SWC a second time. */
export const testRust = ({ run }, args, env) =>
  run('cargo', ['test', '--lib', '--locked', ...args], {
    RUSTC_WORKSPACE_WRAPPER: 'clippy-driver',
    CLIPPY_ARGS: '-Dwarnings__CLIPPY_HACKERY__',
    // As the plugin is built: a node that is newer than it is kept as it is.
    CARGO_ENCODED_RUSTFLAGS: AST_FLAGS.join('\x1f'),
    ...env,
  });
