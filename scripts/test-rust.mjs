/**
 * Tests and lints the Rust of the SWC plugin: `cargo test`, clippy and rustfmt, whose every complaint is a failure. Takes the
 * first cargo that has both. Where there is none, it says so and ends well.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../swc/', import.meta.url));
const DEBIAN = 'cargo-web rust-web-clippy rustfmt-web';

/** rustup's, or whatever comes first; then Debian's. */
const PATHS = [process.env.PATH, `/usr/bin:${process.env.PATH}`];
const path = PATHS.find((PATH) =>
  ['cargo', 'clippy-driver', 'rustfmt'].every(
    (name) => spawnSync(name, ['--version'], { env: { ...process.env, PATH } }).status === 0,
  ),
);

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, {
    cwd: folder,
    stdio: 'inherit',
    env: { ...process.env, PATH: path, ...env },
  });
  if (status !== 0) process.exitCode = 1;
}

if (path === undefined) {
  console.log(
    `test:rust: skipped, there is no cargo with clippy and rustfmt. On Debian: apt-get install ${DEBIAN}; with rustup: rustup component add clippy rustfmt.`,
  );
} else {
  // `cargo fmt` does not see the modules that a macro declares.
  const files = readdirSync(join(folder, 'src'), { recursive: true })
    .filter((name) => name.endsWith('.rs'))
    .map((name) => join('src', name));
  run('rustfmt', ['--check', '--edition', '2021', ...files]);
  // clippy takes the place of the compiler: `cargo clippy` would build two generations of SWC a second time.
  run('cargo', ['test', '--locked', ...process.argv.slice(2)], {
    RUSTC_WORKSPACE_WRAPPER: 'clippy-driver',
    CLIPPY_ARGS: '-Dwarnings__CLIPPY_HACKERY__',
  });
}
