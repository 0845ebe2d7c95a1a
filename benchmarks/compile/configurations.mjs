import { transformSync } from '@babel/core';
import { BABEL, CWD } from './corpus.mjs';

const NAMES = {
  ours: 'asyncgen-hooks',
  istanbul: 'babel-plugin-istanbul',
  lowering: '@babel/plugin-transform-async-generator-functions',
};

export const OURS = NAMES.ours;
export const LOWERING = NAMES.lowering;

/** What is measured against Babel's own parse and print. */
export const NAMES_OF_PLUGINS = Object.values(NAMES);

/** No plugin, but the text that ours makes: what it takes to parse and print what is added. */
export const OUTPUT = `Babel alone, given what ${NAMES.ours} prints`;

/**
 * @param {string} [name] of a plugin; without one the file is parsed and printed
 * @returns {Promise<(file: SourceFile) => string>}
 */
export async function makeCompile(name, dist) {
  const plugins = name === undefined ? [] : [await loadPlugin(name, dist)];
  return ({ path, code }) =>
    transformSync(code, { ...BABEL, plugins, filename: `${CWD}/${path}` }).code;
}

async function loadPlugin(name, dist) {
  if (name === NAMES.ours) return (await import(`${dist}babel.mjs`)).default;
  const { default: plugin } = await import(name);
  if (name !== NAMES.istanbul) return plugin.default ?? plugin;
  // The defaults leave out all that lies in a folder of tests.
  return [plugin.default ?? plugin, { cwd: CWD, exclude: [], excludeNodeModules: false }];
}
