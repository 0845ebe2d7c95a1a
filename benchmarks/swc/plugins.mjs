import { createRequire } from 'node:module';
import { build, findToolchain } from '../../scripts/swc-toolchain.mjs';

/** What is measured, by the names of the table. */
export const ALONE = 'SWC alone';
export const OURS = 'asyncgen-hooks/swc';
export const EMPTY = 'a plugin that does nothing';
export const OTHER = '@swc/plugin-styled-components';

/** The SWC that all of them fit. */
export const COMPILER = 'swc';

/**
 * Where the plugins are: `{ [name]: path }`. The empty one is built with the toolchain and the flags of ours, from the same
 * `swc_core`.
 * @returns `undefined` on a machine without the toolchain.
 */
export function preparePlugins() {
  const toolchain = findToolchain();
  if (toolchain === undefined) return undefined;
  const empty = build(toolchain, ['--example', 'empty_plugin'], 'examples/empty_plugin.wasm');
  if (empty === undefined)
    throw new Error('asyncgen-hooks/benchmarks: the empty plugin was not built. See above.');
  const require = createRequire(new URL('../../__tests__/swc-versions/', import.meta.url));
  return {
    [OURS]: createRequire(import.meta.url).resolve('../../swc/asyncgen_hooks.wasm'),
    [EMPTY]: empty,
    [OTHER]: require.resolve(OTHER),
  };
}
