import { fileURLToPath } from 'node:url';
import type { Plugin, UserConfig } from 'vite';
import { warn } from '../../messages.js';
import type { Options } from '../bundlers/options.js';
import bundle from '../bundlers/vite.js';
import { packTestOptions, resolveTestOptions, type TestOptions } from './options.js';
import { startRun } from './run.js';
import { ignoreInserted, type IgnoreNode } from './vitest-coverage.js';
import { PROVIDED, type Provided } from './vitest-provided.js';

interface VitestOptions extends Options {
  /** What becomes of a test that leaves a generator open. */
  tests?: TestOptions;
}

interface TestConfig {
  readonly setupFiles?: string[];
  readonly provide?: Record<string, unknown>;
  readonly browser?: { readonly enabled?: boolean };
  readonly coverage?: { readonly ignoreNode?: IgnoreNode | undefined };
}

const SETUP = fileURLToPath(new URL('./vitest-setup.mjs', import.meta.url));

/**
 * The plugins for Vitest: one compiles, as that of `asyncgen-hooks/vite` does; the other adds a setup file, by
 * which a test fails that leaves a generator open.
 *
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for options that are wrong.
 */
export default function asyncGenHooks({ tests = {}, ...options }: VitestOptions = {}): Plugin[] {
  resolveTestOptions(tests);
  return [bundle(options), watchTests(tests)];
}

interface Project {
  readonly config: {
    readonly setupFiles: string[];
    readonly browser: { readonly enabled?: boolean };
  };
  provide(key: string, value: unknown): void;
}

const watchTests = (
  tests: TestOptions,
): Plugin & { configureVitest(of: { project: Project }): void } => {
  const provided: { -readonly [Name in keyof Provided]: Provided[Name] } = {
    tests: packTestOptions(tests),
    root: process.cwd(),
  };
  return {
    name: 'asyncgen-hooks:tests',
    config(config) {
      if (process.env['VITEST'] === undefined) return undefined;
      const { browser, coverage: own } = (config as { test?: TestConfig }).test ?? {};
      const coverage = { ignoreNode: ignoreInserted(own?.ignoreNode) };
      if (browser?.enabled) {
        tellBrowser();
        return { test: { coverage } } as UserConfig;
      }
      startRun();
      const test: TestConfig = { setupFiles: [SETUP], provide: { [PROVIDED]: provided }, coverage };
      return { test } as UserConfig;
    },
    configResolved({ root }) {
      provided.root = root;
    },
    // Projects of Vitest 5 have the plugins of the configuration that names them, and of its options what the user has written.
    configureVitest({ project }) {
      const { config } = project;
      if (config.browser.enabled || config.setupFiles.includes(SETUP)) return;
      config.setupFiles.push(SETUP);
      project.provide(PROVIDED, provided);
    },
  };
};

let hasTold = false;

function tellBrowser(): void {
  if (hasTold) return;
  hasTold = true;
  warn(
    'asyncgen-hooks/vitest: browsers have no AsyncLocalStorage, so tests that run there are compiled and not watched. Run ' +
      'them in Node, too. Said once.',
    'ERR_ASYNCGEN_RUNNER',
  );
}
