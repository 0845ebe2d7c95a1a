import { parseSync, transformSync } from '@babel/core';
import presetEnv from '@babel/preset-env';
import plugin from '../../dist/babel.cjs';
import { isSwc } from '../../scripts/compilers.mjs';
import { compileByEngine } from '../../scripts/engine.mjs';
import { openSwc } from '../../scripts/swc.mjs';
import { census, findGenerators, findMissing } from '../census.mjs';

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

/** The compiler, or the plugin, threw something else than a syntax error. */
export class CompilerCrash extends Error {
  name = 'CompilerCrash';
}

const PARSER_OPTS = {
  plugins: ['sourcePhaseImports', 'deferredImportEvaluation', 'explicitResourceManagement'],
  createImportExpressions: true,
};

/**
 * Opens one of COMPILERS: a function `(text, { name, isModule, hooked, lower })`, where `lower` is one of LOWERINGS, or nothing
 * for the syntax as it is. It
 *
 * - returns `{ code, generators, missing, isHooked }`: how many async generator functions the text has, where those stand
 *   (`line:column`) that should be hooked and are not, and whether the shim's import stands in the code,
 * - throws a SyntaxError where the parser refuses the text, with `isRefusal`, and a CompilerCrash for all else.
 *
 * The engine stands in front of Babel, which lowers what it gives.
 */
export function openCompiler(compiler) {
  if (isSwc(compiler)) return compileBySwc(openSwc(compiler));
  return compileByBabel(compiler === 'engine');
}

const compileByBabel =
  (hasEngine) =>
  (text, { name, isModule, hooked, lower }) => {
    const byEngine = hooked && hasEngine;
    try {
      const options = {
        filename: name,
        cwd: '/',
        configFile: false,
        babelrc: false,
        sourceType: isModule ? 'module' : 'script',
        compact: false,
        parserOpts: PARSER_OPTS,
        plugins: hooked && !byEngine ? HOOKED : ALONE,
        presets: PRESETS[lower] ?? [],
      };
      const { code, metadata } = transformSync(text, options);
      return describe(
        byEngine ? compileAlike(text, name, options, lower) : code,
        metadata.generators,
        name,
      );
    } catch (error) {
      if (error.code === 'BABEL_PARSE_ERROR') throw Object.assign(error, { isRefusal: true });
      throw new CompilerCrash(error.message, { cause: error });
    }
  };

/** The engine's text is run as it is, or lowered by Babel. */
function compileAlike(text, name, options, lower) {
  const code = compileByEngine(text, name, options.sourceType);
  return lower ? transformSync(code, { ...options, plugins: [] }).code : code;
}

const compileBySwc =
  (swc) =>
  (text, { name, isModule, hooked, lower }) => {
    let code;
    try {
      code = swc(text, { name, isModule, hooked, target: lower ?? 'esnext' });
    } catch (error) {
      if (error.isSyntaxError) throw Object.assign(error, { isRefusal: true });
      throw new CompilerCrash(error.message, { cause: error });
    }
    return describe(code, hooked ? generatorsIn(text, isModule) : [], name);
  };

/** What SWC parses, and Babel does not, has none that are looked for. */
function generatorsIn(text, isModule) {
  if (!/\basync\b/.test(text)) return [];
  try {
    const sourceType = isModule ? 'module' : 'script';
    const options = { configFile: false, babelrc: false, sourceType, parserOpts: PARSER_OPTS };
    return findGenerators(parseSync(text, options));
  } catch {
    return [];
  }
}

const describe = (code, generators, name) => ({
  code,
  generators: generators.length,
  missing: findMissing(generators, code, name).map(({ position }) => position),
  isHooked: SHIM_IMPORT.test(code),
});
