import { join } from 'node:path';
import type { TransformOptions } from '@babel/core';

const here = join(__dirname, '..');

/** The folder whose Babel compiles: this package's, or with `BABEL=8` the one in `babel-8`. */
const root = process.env.BABEL === '8' ? join(here, 'babel-8') : join(here, '..');

declare const createNodeRequire: typeof import('node:module').createRequire;

/** Node's own `require`, as from the folder of the Babel that compiles. */
export const requireBabel = createNodeRequire(join(root, 'package.json'));

export const babel: typeof import('@babel/core') = requireBabel('@babel/core');

export const plugin = join(here, '../dist/babel.cjs');

/** An item of a plugin or preset list; a name is resolved beside the Babel that compiles. */
export function resolveItem(item: unknown): unknown {
  if (typeof item === 'function') return item;
  const [name, ...rest] = Array.isArray(item) ? item : [item];
  const file = name === 'asyncgen-hooks/babel' ? plugin : requireBabel.resolve(name as string);
  return rest.length === 0 ? file : [file, ...rest];
}

/** Compiles without any configuration file. Names of plugins and presets are resolved. */
export function compile(code: string, options: TransformOptions = {}): string {
  return transform(code, options).code!;
}

export function transform(code: string, options: TransformOptions = {}) {
  const { plugins = [], presets = [], ...rest } = options;
  return babel.transformSync(code, {
    cwd: '/project',
    filename: '/project/src/input.js',
    configFile: false,
    babelrc: false,
    ...rest,
    plugins: plugins!.map(resolveItem) as never,
    presets: presets!.map(resolveItem) as never,
  })!;
}

/** As `compile`, with the plugin in front. */
export const compileHooked = (code: string, options: TransformOptions = {}): string =>
  compile(code, { ...options, plugins: ['asyncgen-hooks/babel', ...(options.plugins ?? [])] });
