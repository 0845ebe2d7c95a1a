/**
 * Builds the SWC plugin, `swc/asyncgen_hooks.wasm`, from the Rust sources in `swc/`: with rustup's toolchain where it has the
 * target wasm32-wasip1, else with Debian's packages. Where there is neither, it says so and ends well: all else of the
 * package is built and tested without.
 *
 * The same sources and the same toolchain give the same bytes: no path of the machine gets into them.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const TARGET = 'wasm32-wasip1';
const STACK = 32 * 1024 * 1024;
const DEBIAN = 'rustc-web cargo-web rust-web-src lld wasi-libc';
const folder = fileURLToPath(new URL('../swc/', import.meta.url));
const targetFolder = process.env.CARGO_TARGET_DIR ?? join(folder, 'target');
const output = join(folder, 'asyncgen_hooks.wasm');

const textOf = (command, args) => {
  const { status, stdout } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

/** With the standard library for the target, which `rustup target add wasm32-wasip1` installs. */
function findRustup() {
  const library = textOf('rustc', ['--print', 'target-libdir', '--target', TARGET]);
  if (library === undefined || !existsSync(library)) return undefined;
  return {
    cargo: 'cargo',
    args: [],
    env: {},
    flags: [],
    source: textOf('rustc', ['--print', 'sysroot']),
  };
}

/** Debian has the target's C library and the sources of Rust's, which the build compiles. */
function findDebian() {
  const [rustc, cargo, linker] = ['rustc', 'cargo', 'wasm-ld'].map((name) => `/usr/bin/${name}`);
  const libc = '/usr/lib/wasm32-wasi';
  const sources = existsSync('/usr/src')
    ? readdirSync('/usr/src').find((name) => name.startsWith('rustc-'))
    : undefined;
  const isThere =
    [rustc, cargo, linker, `${libc}/libc.a`].every(existsSync) && sources !== undefined;
  if (!isThere) return undefined;
  return {
    cargo,
    args: ['-Z', 'build-std=std,panic_abort'],
    env: { RUSTC: rustc, RUSTC_BOOTSTRAP: '1', CARGO_TARGET_WASM32_WASIP1_LINKER: linker },
    flags: ['-L', `native=${libc}`],
    source: `/usr/src/${sources}`,
  };
}

function build({ cargo, args, env, flags, source }) {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  const paths = {
    [folder.replace(/\/$/, '')]: '/swc',
    [cargoHome]: '/cargo',
    [source]: '/rust',
    [targetFolder]: '/target',
  };
  const remaps = Object.entries(paths).map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
  // A node that is newer than the plugin is kept as it is. The functions that SWC gives are found when it loads the plugin.
  const ours = ['--cfg', 'swc_ast_unknown', '-C', 'link-arg=--allow-undefined'];
  // For what nests deeply: SWC goes as deep as its own stack.
  const stack = ['--', '-C', `link-arg=-zstack-size=${STACK}`];
  return spawnSync(
    cargo,
    [
      'rustc',
      '--locked',
      '--release',
      '--target',
      TARGET,
      ...args,
      ...process.argv.slice(2),
      ...stack,
    ],
    {
      cwd: folder,
      stdio: 'inherit',
      env: {
        ...process.env,
        ...env,
        CARGO_TARGET_DIR: targetFolder,
        CARGO_ENCODED_RUSTFLAGS: [...ours, ...flags, ...remaps].join('\x1f'),
      },
    },
  );
}

const toolchain = findRustup() ?? findDebian();
if (toolchain === undefined) {
  console.log(
    `build:swc: skipped, no Rust toolchain here builds for ${TARGET}. On Debian: apt-get install ${DEBIAN}; with rustup: rustup target add ${TARGET}.`,
  );
} else {
  const start = performance.now();
  const { status } = build(toolchain);
  if (status !== 0) process.exit(status ?? 1);
  copyFileSync(join(targetFolder, TARGET, 'release/asyncgen_hooks_swc.wasm'), output);
  const bytes = readFileSync(output);
  const kb = (size) => `${Math.round(size / 1000)} kB`;
  console.log(
    `swc/asyncgen_hooks.wasm: ${kb(bytes.length)}, gzipped ${kb(gzipSync(bytes).length)}, built in ${Math.round((performance.now() - start) / 1000)} s`,
  );
}
