import { transformFromAstSync, transformSync } from '@babel/core';
import plugin from '../../dist/babel.cjs';
import { findGenerators, findMissing } from '../census.mjs';
import { isTakenByEngine, SLOW, told } from './judge.mjs';
import { parse } from './syntax.mjs';

/**
 * Sends one text through the plugin.
 *
 * @returns `{ refusal }` where Babel alone does not take the text, else
 *   `{ generators: [{ form, isSpared }], failures: [string], alone, hooked }`, the last two being the
 *   milliseconds of parse, transform and print without us and with us.
 */
export function check(code, name) {
  const alone = compileAlone(code, name);
  if (alone.refusal !== undefined) return { refusal: alone.refusal };
  const { plain, options, generators, tree } = alone;
  const failures = [];
  const start = performance.now();
  let output;
  try {
    output =
      tree === undefined
        ? transformSync(code, { ...options, plugins: [plugin] }).code
        : print(tree, code, options, [plugin]);
  } catch (error) {
    failures.push(`crashes: ${told(error)}`);
  }
  const hooked = performance.now() - start;
  if (hooked > SLOW * alone.took + 1000) {
    failures.push(`is slow: ${Math.round(hooked)} ms, ${Math.round(alone.took)} ms without us`);
  }
  if (output !== undefined)
    failures.push(...compare({ code, name, options, generators, plain, output }));
  const forms = generators.map(({ form, isSpared }) => ({ form, isSpared }));
  return { generators: forms, failures, alone: alone.took, hooked };
}

/**
 * The text by Babel alone, and what is in it. The tree of a huge text takes gigabytes: it is handed
 * on only where nothing is to change in it.
 */
function compileAlone(code, name) {
  const start = performance.now();
  try {
    const { refusal, ast, options } = parse(code, name);
    if (refusal) return { refusal: told(refusal) };
    const plain = print(ast, code, options);
    const took = performance.now() - start;
    const generators = findGenerators(ast);
    return { plain, took, options, generators, tree: generators.length === 0 ? ast : undefined };
  } catch (error) {
    return { refusal: told(error) };
  }
}

function* compare({ code, name, options, generators, plain, output }) {
  if (generators.every(({ isSpared }) => isSpared)) {
    if (output !== plain) yield `changes what has no generators: ${firstDifference(plain, output)}`;
    return;
  }
  const missing = findMissing(generators, output, name);
  if (missing.length > 0)
    yield `misses ${missing.map((one) => `${one.form} at ${one.position}`).join(', ')}`;

  const isTaken = isTakenByEngine(code, options);
  if (isTaken && !isTakenByEngine(output, options)) yield 'is no program any more, says the engine';
  let again;
  try {
    again = transformSync(output, options).code;
  } catch (error) {
    yield `does not parse any more: ${told(error)}`;
    return;
  }
  const twice = transformSync(output, { ...options, plugins: [plugin] }).code;
  if (twice !== again) yield `changes in a second pass: ${firstDifference(again, twice)}`;
}

const print = (ast, code, options, plugins = []) =>
  transformFromAstSync(ast, code, { ...options, plugins, cloneInputAst: false }).code;

function firstDifference(left, right) {
  let at = 0;
  while (left[at] === right[at]) at++;
  const near = (text) => JSON.stringify(text.slice(Math.max(0, at - 30), at + 60));
  return `${near(left)} is ${near(right)}`;
}
