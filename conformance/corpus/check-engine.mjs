import ts from 'typescript';
import { compileByEngine } from '../../scripts/engine.mjs';
import { findGenerators, findMissing } from '../census.mjs';
import { isTakenByEngine, SLOW, told } from './judge.mjs';
import { parse } from './syntax.mjs';

const LINE_BREAK = /\r\n|[\n\r\u2028\u2029]/;
const TYPESCRIPT = /(?<!\.d)\.[cm]?tsx?$/;
/** What has no generator is not parsed; so that its syntax is seen, too, it gets one. */
const ONE_MORE = '\n;async function* _oneMore() { yield 1; }\n';

/**
 * Sends one text through the engine.
 *
 * @returns the same as `check` of the plugin; `alone` is the time of Babel's parse.
 */
export function checkByEngine(code, name) {
  const start = performance.now();
  const { refusal, ast, options } = parse(code, name);
  const alone = performance.now() - start;
  if (refusal && !isTypeScript(code, name)) return { refusal: told(refusal) };
  const generators = refusal ? [] : findGenerators(ast);
  const failures = [];
  const begin = performance.now();
  const output = attempt(failures, 'crashes', () =>
    compileByEngine(code, name, sourceTypeOf(name)),
  );
  const hooked = performance.now() - begin;
  if (hooked > SLOW * alone + 1000)
    failures.push(`is slow: ${Math.round(hooked)} ms, Babel parses in ${Math.round(alone)} ms`);
  if (output !== undefined && !refusal)
    failures.push(...compare({ code, name, options, generators, output }));
  if (TYPESCRIPT.test(name))
    attempt(failures, 'refuses', () => compileByEngine(code + ONE_MORE, name, sourceTypeOf(name)));
  const forms = generators.map(({ form, isSpared }) => ({ form, isSpared }));
  return { generators: forms, failures, alone, hooked };
}

function attempt(failures, what, work) {
  try {
    return work();
  } catch (error) {
    failures.push(`${what}: ${told(error)}`);
    return undefined;
  }
}

/** Whether TypeScript takes the text. */
function isTypeScript(code, name) {
  if (!TYPESCRIPT.test(name)) return false;
  return ts.createSourceFile(name, code, ts.ScriptTarget.Latest).parseDiagnostics.length === 0;
}

function* compare({ code, name, options, generators, output }) {
  if (generators.every(({ isSpared }) => isSpared)) {
    if (output !== code) yield 'changes what has no generators';
    return;
  }
  const missing = findMissing(generators, output, name);
  if (missing.length > 0)
    yield `misses ${missing.map((one) => `${one.form} at ${one.position}`).join(', ')}`;
  if (linesBeforeLast(output, code) !== linesBeforeLast(code, code)) yield 'moves lines';
  if (isTakenByEngine(code, options) && !isTakenByEngine(output, options))
    yield 'is no program any more, says the engine of JavaScript';
  const { refusal } = parse(output, name);
  if (refusal) {
    yield `does not parse any more: ${told(refusal)}`;
    return;
  }
  if (compileByEngine(output, name, sourceTypeOf(name)) !== output)
    yield 'changes in a second pass';
}

/** What is put behind the last line of the source may have lines of its own. */
const linesBeforeLast = (text, source) =>
  Math.min(text.split(LINE_BREAK).length, source.split(LINE_BREAK).length);

function sourceTypeOf(name) {
  if (name.endsWith('.mjs')) return 'module';
  return name.endsWith('.cjs') ? 'script' : 'unambiguous';
}
