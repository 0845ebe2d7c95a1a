import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { printable, readOwn, warn } from '../../../messages.js';
import { mayDecideCode, TRUST_REMEDY } from './trust.js';
import {
  resolveFileOptions,
  type FileOptions,
  type ResolvedFileOptions,
} from '../../files/options.js';

/** Options of `asyncgen-hooks/register` and of the command. */
export interface Options extends FileOptions {
  /** For the runners of tests, which check them. */
  tests?: object;
}

export interface ResolvedOptions extends ResolvedFileOptions {
  readonly tests: unknown;
}

/**
 * Checks the options once and fills in the defaults.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, naming the option, what it got and what it takes.
 */
export const resolveOptions = (given: unknown): ResolvedOptions => {
  const resolved = resolveFileOptions('node', given, ['tests']);
  return { ...resolved, tests: readOwn(given as object, 'tests') };
};

const KEY = 'asyncgen-hooks';
/** What our own errors begin with: it stands there once. */
const PREFIX = /^asyncgen-hooks(?:\/\w+)?: /;

/**
 * Reads the options of the program in `cwd`: from `asyncgen-hooks.config.js`, `.mjs`, `.cjs`,
 * `.json` or the `asyncgen-hooks` key of package.json, whichever is there
 * first, in `cwd` or above it up to the next package.json.
 *
 * @param given options that go before those of the file.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, naming the file, for options that are wrong or
 *   cannot be read.
 */
export function loadOptions(cwd: string, given: object = {}): ResolvedOptions {
  const own = resolveOptions(given);
  const found = find(cwd);
  if (found === undefined) return own;
  if (!mayDecideCode(found.file)) {
    refuse(found.file);
    return own;
  }
  try {
    const options = found.read();
    resolveOptions(options);
    return resolveOptions({ ...(options as object), ...given });
  } catch (cause) {
    const text = (cause instanceof Error ? cause.message : String(cause)).replace(PREFIX, '');
    throw Object.assign(
      new TypeError(`asyncgen-hooks/node: ${printable(found.file)} cannot be used: ${text}`, {
        cause,
      }),
      { code: 'ERR_ASYNCGEN_OPTION' },
    );
  }
}

/** Its `importSource`, and all that a script does, would run as the user. */
function refuse(file: string): void {
  const { isMainThread } = createRequire(import.meta.url)('node:worker_threads') as Threads;
  // Each thread looks for it, and finds the same.
  if (!isMainThread) return;
  warn(
    `asyncgen-hooks/node: another user can change ${printable(file)}, so it is not read. ${TRUST_REMEDY}`,
    'ERR_ASYNCGEN_TRUST',
  );
}

type Threads = typeof import('node:worker_threads');

interface Found {
  readonly file: string;
  read(): unknown;
}

function find(folder: string): Found | undefined {
  for (;;) {
    for (const extension of ['js', 'mjs', 'cjs', 'json']) {
      const file = join(folder, `${KEY}.config.${extension}`);
      const read = extension === 'json' ? readJson : readScript;
      if (existsSync(file)) return { file, read: () => read(file) };
    }
    const pkg = join(folder, 'package.json');
    if (existsSync(pkg)) {
      const found: Found = {
        file: pkg,
        read: () => readOwn(readJson(pkg) as object, KEY),
      };
      return readFileSync(pkg, 'utf8').includes(`"${KEY}"`) && hasKey(found) ? found : undefined;
    }
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** A package.json that cannot be read is Node's to complain of. */
function hasKey(found: Found): boolean {
  try {
    return found.read() !== undefined;
  } catch {
    return false;
  }
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

function readScript(file: string): unknown {
  const exported: unknown = createRequire(file)(file);
  if (typeof exported !== 'object' || exported === null) return exported;
  const isModule =
    readOwn(exported, '__esModule') === true ||
    Object.prototype.toString.call(exported) === '[object Module]';
  return isModule ? readOwn(exported, 'default') : exported;
}
