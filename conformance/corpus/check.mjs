import { transformFromAstSync, transformSync } from '@babel/core';
import { openSwc } from '../../scripts/swc.mjs';
import plugin from '../../dist/babel.cjs';
import { findGenerators, findMissing } from '../census.mjs';
import { isTakenByEngine, SLOW, told } from './judge.mjs';
import { parse } from './syntax.mjs';

/**
 * Sends one text through the plugin.
 *
 * @returns `{ refusal }` where the compiler alone does not take the text, else
 *   `{ generators: [{ form, isSpared }], failures: [string], alone, hooked }`, the last two being the
 *   milliseconds of parse, transform and print without us and with us.
 */
export function check(code, name, compiler) {
  const alone = compileAlone(code, name);
  if (alone.refusal !== undefined) return { refusal: alone.refusal };
  return compiler === 'babel'
    ? checkWith(babel(alone, code), alone, code, name)
    : checkBySwc(compiler, alone, code, name);
}

/** How a text is compiled with Babel: the first time from the tree that is there already. */
const babel = ({ options, tree }, text) => ({
  compile: (code, plugins) =>
    code === text && tree !== undefined
      ? print(tree, code, options, plugins)
      : transformSync(code, { ...options, plugins }).code,
  plugins: [plugin],
});

function checkBySwc(compiler, { generators, options }, code, name) {
  const swc = openSwc(compiler);
  const isTypeScript = /\.[cm]?tsx?$/.test(name);
  const compile = (text, [hooked = false], isPlain = false) =>
    swc(text, {
      name,
      hooked,
      isModule: options.sourceType === 'unambiguous' ? 'unknown' : options.sourceType === 'module',
      parser:
        isTypeScript && !isPlain
          ? { syntax: 'typescript', tsx: name.endsWith('x'), decorators: true }
          : { syntax: 'ecmascript', jsx: true, decorators: true, allowReturnOutsideFunction: true },
      transform: { react: { runtime: 'preserve' } },
    });
  const start = performance.now();
  let plain;
  try {
    plain = compile(code, []);
  } catch (error) {
    return { refusal: told(error) };
  }
  const took = performance.now() - start;
  const isFirst = (text) => text === code;
  const way = { compile: (text, on) => compile(text, on, !isFirst(text)), plugins: [true] };
  return checkWith(way, { generators, options, plain, took }, code, name);
}

function checkWith({ compile, plugins }, { generators, options, plain, took }, code, name) {
  const failures = [];
  const start = performance.now();
  let output;
  try {
    output = compile(code, plugins);
  } catch (error) {
    failures.push(`crashes: ${told(error)}`);
  }
  const hooked = performance.now() - start;
  if (hooked > SLOW * took + 1000) {
    failures.push(`is slow: ${Math.round(hooked)} ms, ${Math.round(took)} ms without us`);
  }
  if (output !== undefined) {
    const way = { compile, plugins, options };
    failures.push(...compare({ code, name, way, generators, plain, output }));
  }
  const forms = generators.map(({ form, isSpared }) => ({ form, isSpared }));
  return { generators: forms, failures, alone: took, hooked };
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

function* compare({ code, name, way, generators, plain, output }) {
  const { compile, plugins, options } = way;
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
    again = compile(output, []);
  } catch (error) {
    yield `does not parse any more: ${told(error)}`;
    return;
  }
  const twice = compile(output, plugins);
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
