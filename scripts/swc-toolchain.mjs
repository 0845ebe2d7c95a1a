/** Finds a toolchain that builds the Rust of `swc/` to WebAssembly, and runs it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const TARGET = 'wasm32-wasip1';
/** A node that is newer than the plugin is kept as it is. */
export const AST_FLAGS = ['--cfg', 'swc_ast_unknown'];
const STACK = 8 * 1024 * 1024;
export const DEBIAN = 'rustc-web cargo-web rust-web-src lld wasi-libc';
export const folder = fileURLToPath(new URL('../swc/', import.meta.url));
const targetFolder = process.env.CARGO_TARGET_DIR ?? join(folder, 'target');

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

/** rustup's toolchain where it has the target, else Debian's; `undefined` where there is neither. */
export const findToolchain = () => findRustup() ?? findDebian();

/**
 * Builds one target of the package in `swc/`.
 * @param args which, for cargo.
 * @returns the path of the WebAssembly file, or `undefined` if cargo failed.
 */
export function build({ cargo, args: more, env, flags, source }, args, name) {
  const cargoHome = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  const paths = {
    [folder.replace(/\/$/, '')]: '/swc',
    [cargoHome]: '/cargo',
    [source]: '/rust',
    [targetFolder]: '/target',
  };
  const remaps = Object.entries(paths).map(([from, to]) => `--remap-path-prefix=${from}=${to}`);
  // The functions that SWC gives are found when it loads the plugin.
  const ours = [...AST_FLAGS, '-C', 'link-arg=--allow-undefined'];
  // For what nests deeply.
  const stack = ['--', '-C', `link-arg=-zstack-size=${STACK}`];
  const { status } = spawnSync(
    cargo,
    ['rustc', '--locked', '--release', '--target', TARGET, ...more, ...args, ...stack],
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
  return status === 0 ? join(targetFolder, TARGET, 'release', name) : undefined;
}
