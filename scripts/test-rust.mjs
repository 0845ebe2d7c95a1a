/**
 * Tests and lints the Rust of the SWC plugin: `cargo test`, clippy and rustfmt, whose every complaint is a failure. Where there
 * is no cargo that has both, it says so and ends well, but not in a CI.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findRust, folder, testRust } from './rust.mjs';

const DEBIAN = 'cargo-web rust-web-clippy rustfmt-web';

const rust = findRust();
if (rust === undefined) {
  // Nothing is skipped there.
  if (process.env.CI) process.exitCode = 1;
  console.log(
    `test:rust: skipped, there is no cargo with clippy and rustfmt. On Debian: apt-get install ${DEBIAN}; with rustup: rustup component add clippy rustfmt.`,
  );
} else {
  // `cargo fmt` does not see the modules that a macro declares.
  const files = ['src', '../benchmarks/swc', '../fuzz/swc'].flatMap((path) =>
    readdirSync(join(folder, path), { recursive: true })
      .filter((name) => name.endsWith('.rs'))
      .map((name) => join(path, name)),
  );
  const format = rust.run('rustfmt', [
    '--check',
    '--edition',
    '2021',
    '--config-path',
    'rustfmt.toml',
    ...files,
  ]);
  const test = testRust(rust, process.argv.slice(2));
  if (format.status !== 0 || test.status !== 0) process.exitCode = 1;
}
