import { transformSync } from '@babel/core';
import presetEnv from '@babel/preset-env';
import plugin from '../../dist/babel.cjs';
import { compileByEngine } from '../../scripts/engine.mjs';
import { census, findMissing } from '../census.mjs';

/** What each value of `--lower` lowers to. */
const TARGETS = { es2017: { chrome: '58' }, es5: { ie: '11' } };
export const LOWERINGS = Object.keys(TARGETS);

/** Babel keeps what it made of a list as long as it sees the same one. */
const PRESETS = Object.fromEntries(
  Object.entries(TARGETS).map(([name, targets]) => [
    name,
    [[presetEnv, { targets, modules: false }]],
  ]),
);
const HOOKED = [census, plugin];
const ALONE = [census];

const SHIM_IMPORT = /(?:from |require\()"asyncgen-hooks\/shim"/;

/** Babel, or the plugin, threw something else than a syntax error. */
export class CompilerCrash extends Error {
  name = 'CompilerCrash';
}

/**
 * Compiles with Babel.
 *
 * @param compiler who compiles what is hooked: `babel`, or `engine` in front of Babel.
 * @param lower one of LOWERINGS, or nothing for the syntax as it is.
 * @returns `{ code, generators, missing, isHooked }`: how many async generator functions the text
 *   has, where those stand (`line:column`) that should be hooked and are not, and whether the shim's
 *   import stands in the code.
 * @throws SyntaxError where Babel's parser refuses the text, CompilerCrash for all else.
 */
export function compile(text, { name, isModule, hooked, lower, compiler }) {
  const byEngine = hooked && compiler === 'engine';
  try {
    const options = {
      filename: name,
      cwd: '/',
      configFile: false,
      babelrc: false,
      sourceType: isModule ? 'module' : 'script',
      compact: false,
      parserOpts: {
        plugins: ['sourcePhaseImports', 'deferredImportEvaluation', 'explicitResourceManagement'],
        createImportExpressions: true,
      },
      plugins: hooked && !byEngine ? HOOKED : ALONE,
      presets: PRESETS[lower] ?? [],
    };
    const result = transformSync(text, options);
    const { generators } = result.metadata;
    const code = byEngine ? compileAlike(text, name, options, lower) : result.code;
    return {
      code,
      generators: generators.length,
      missing: findMissing(generators, code, name).map(({ position }) => position),
      isHooked: SHIM_IMPORT.test(code),
    };
  } catch (error) {
    if (error.code === 'BABEL_PARSE_ERROR') throw error;
    throw new CompilerCrash(error.message, { cause: error });
  }
}

/** The engine's text is run as it is, or lowered by Babel. */
function compileAlike(text, name, options, lower) {
  const code = compileByEngine(text, name, options.sourceType);
  return lower ? transformSync(code, { ...options, plugins: [] }).code : code;
}
