import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@babel/core';
import fc from 'fast-check';
import { compileByEngine } from '../scripts/engine.mjs';
import { openSwc } from '../scripts/swc.mjs';
import { testCase } from './arbitrary.mjs';
import { check, newWorld } from './check.mjs';
import { edit } from './edit.mjs';
import { printProgram } from './print.mjs';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '../dist');
const SHIM = 'asyncgen-hooks/shim';

/**
 * The plugin does its work before any visitor. Without this Babel then walks through the whole
 * tree for nobody, which takes a quarter of the time.
 */
const skipProgram = () => ({ visitor: { Program: (path) => path.skip() } });

/**
 * Opens the package in `dist`, and the host where the run at work hears what reaches nobody else.
 * @param compiler one of COMPILERS.
 * @param edits whether programs are written in random ways.
 */
export function open(dist = DIST, compiler = 'babel', edits = false) {
  const require = createRequire(join(dist, 'index.cjs'));
  const host = { world: null };
  const hear = (stream, reason) => host.world?.note(stream, host.world.name(reason));
  process.on('unhandledRejection', (reason) => hear('unhandled', reason));
  const { emitWarning } = process;
  process.emitWarning = (warning, ...rest) => {
    if (warning?.code !== 'ERR_ASYNCGEN_HOOK') emitWarning.call(process, warning, ...rest);
    else hear('reports', warning.cause);
  };
  // Programs fail all the time, and nobody reads these stacks.
  Error.stackTraceLimit = 0;
  return {
    host,
    api: require('./index.cjs'),
    shim: require('./shim.cjs'),
    compile: openCompiler(compiler, require.resolve('./babel.cjs')),
    edits,
  };
}

function openCompiler(compiler, plugin) {
  if (compiler === 'babel') return compileByBabel(plugin);
  if (compiler === 'engine')
    return (code, strict) => compileByEngine(code, 'program.js', strict ? 'module' : 'script');
  const swc = openSwc(compiler);
  return (code, strict) => swc(code, { name: 'program.js', isModule: strict, hooked: true });
}

const compileByBabel = (plugin) => (code, strict) =>
  transformSync(code, {
    configFile: false,
    babelrc: false,
    compact: false,
    cwd: '/project',
    filename: '/project/program.js',
    sourceType: strict ? 'module' : 'script',
    inputSourceMap: false,
    plugins: [plugin, skipProgram],
  }).code;

/** The cases of one batch: the same for the same seed. */
export const generate = (seed, size) => fc.sample(testCase, { seed, numRuns: size });

function print(cases, tells) {
  const programs = cases.map((one, i) => printProgram(one, `p${i}_`, tells));
  const mains = programs.map(({ main }, i) => `programs[${i}] = ${main};`);
  return [...programs.map(({ top }) => top), ...mains].join('\n');
}

/**
 * Compiles cases as one file, strict or not; evaluates it as written, for the model, transformed.
 * @param edits gives the numbers that say how it is written otherwise, if it is.
 */
export function load(cases, strict, { shim, compile }, edits) {
  const printed = print(cases, false);
  const code = edits ? edit(printed, edits, strict ? 'module' : 'script') : printed;
  const transformed = compile(code, strict);
  const native = evaluate(code, strict);
  const hooked = evaluate(asScript(transformed), strict, (name) => {
    if (name !== SHIM) throw new Error(`fuzz: the program requires "${name}".`);
    return shim;
  });
  const telling = evaluate(print(cases, true), strict);
  return cases.map((_, i) => ({
    telling: { world: telling.world, main: telling.programs[i] },
    native: { world: native.world, main: native.programs[i] },
    hooked: { world: hooked.world, main: hooked.programs[i] },
    code,
  }));
}

/** The import of a module as the `require` of a script: both are evaluated as a function body. */
const asScript = (code) =>
  code.replace(/^import \{(.*?)\} from "(.*?)";/m, (_, names, source) => {
    return `const {${names.replaceAll(' as ', ': ')}} = require("${source}");`;
  });

function evaluate(code, strict, require = undefined) {
  const world = newWorld();
  const programs = [];
  const directive = strict ? '"use strict";\n' : '';
  new Function('$', 'programs', 'require', directive + code)(world, programs, require);
  return { world, programs };
}

/**
 * Runs a batch.
 * @returns the first case that fails and how, or `null`.
 */
export async function runBatch(seed, size, target) {
  const cases = generate(seed, size);
  const edits = target.edits ? numbersOf(seed) : undefined;
  for (const strict of [false, true]) {
    const indices = cases.flatMap((one, i) => (one.strict === strict ? [i] : []));
    if (indices.length === 0) continue;
    const loaded = load(
      indices.map((i) => cases[i]),
      strict,
      target,
      edits,
    );
    for (const [at, index] of indices.entries()) {
      const difference = await check(cases[index], loaded[at], target);
      if (difference !== null) return { index, testCase: cases[index], difference };
    }
  }
  return null;
}

/** Numbers from 0 to 1, the same for the same seed: https://en.wikipedia.org/wiki/Xorshift */
function numbersOf(seed) {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Makes the case at `index` of a batch as small as it still fails, alone in its file. */
export async function shrink(seed, index, target, milliseconds = 60_000) {
  let last = null;
  const fails = async (one) => {
    const [loaded] = load([one], one.strict, target);
    const difference = await check(one, loaded, target);
    if (difference !== null) last = { testCase: one, difference, code: loaded.code };
    return difference === null;
  };
  await fc.check(fc.asyncProperty(testCase, fails), {
    seed,
    path: String(index),
    numRuns: index + 1,
    interruptAfterTimeLimit: milliseconds,
  });
  return last;
}
