import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from '@jest/globals';
import type { Options } from '@swc/core';

export const root = join(__dirname, '../..');
/** As it is published; `scripts/build-swc.mjs` puts it there. */
export const wasm = join(root, 'swc/asyncgen_hooks.wasm');

declare const createNodeRequire: typeof import('node:module').createRequire;

/** Node's own `require`, as from the folder where every SWC is installed. */
export const requireSwc = createNodeRequire(join(root, '__tests__/swc-versions/package.json'));

const isReady = existsSync(wasm) && existsSync(join(root, '__tests__/swc-versions/node_modules'));

/**
 * Skips on a machine that has no toolchain for the plugin; `scripts/swc-state.mjs` says so. In CI nothing
 * is skipped. With Babel 8 there is nothing new to see.
 */
export const describeSwc: typeof describe =
  process.env.BABEL !== '8' && (isReady || process.env.CI)
    ? describe
    : (describe.skip as typeof describe);

/** The newest SWC of each generation of its tree. */
export const NEWEST = ['1.15.47', '1.16.22'];
/** And the oldest. */
export const OLDEST = ['1.15.0', '1.16.0'];

export const swcOf = (version: string): typeof import('@swc/core') => requireSwc(`core-${version}`);

export interface Setup {
  readonly options?: object;
  readonly isHooked?: boolean;
  readonly target?: string;
  readonly transform?: object;
  readonly runPluginFirst?: boolean;
}

/** What SWC compiles a file with, as its name says what it is. */
export function swcOptions(file: string, setup: Setup = {}): Options {
  const {
    options = {},
    isHooked = true,
    target = 'es2022',
    transform = {},
    runPluginFirst,
  } = setup;
  const isScript = /\.c?js$/.test(file);
  const isTypeScript = /\.[mc]?tsx?$/.test(file);
  return {
    swcrc: false,
    configFile: false,
    filename: join(process.cwd(), file),
    isModule: !isScript,
    ...(isScript ? {} : { module: { type: 'commonjs' } }),
    jsc: {
      target,
      transform,
      parser: isTypeScript
        ? { syntax: 'typescript', tsx: file.endsWith('x'), decorators: true }
        : { syntax: 'ecmascript', jsx: true, decorators: true },
      experimental: {
        plugins: isHooked ? [[wasm, options]] : [],
        cacheRoot: join(root, 'node_modules/.cache/swc'),
        ...(runPluginFirst === undefined ? {} : { runPluginFirst }),
      },
    },
  } as Options;
}

export const compileWith = (version: string, code: string, file: string, setup?: Setup): string =>
  swcOf(version).transformSync(code, swcOptions(file, setup)).code;

export const readText = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
