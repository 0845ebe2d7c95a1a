import plain from '../dist/engine-plain.cjs';
import whole from '../dist/engine.cjs';

const OPTIONS = { importSource: 'asyncgen-hooks/shim', locations: true };

/**
 * Compiles by the engine, for the fuzzer and the conformance runs.
 * @param file its name, as it stands in sites; its extension tells the language.
 * @param sourceType as Babel takes it.
 * @returns the code, or the text as it is if nothing had to change.
 * @throws the parser's error.
 */
export function compileByEngine(code, file, sourceType) {
  const language = /\.([cm]?[jt]sx?)$/.exec(file)[1];
  const input = { code, language, sourceType, file, source: file };
  return compile(input).compiled?.code ?? code;
}

/** As Node and the bundlers do: JavaScript by the smaller parser, and what that refuses by the whole one. */
function compile(input) {
  if (/[tx]/.test(input.language) || /@(?:no)?flow\b/.test(input.code))
    return whole.compile(input, OPTIONS);
  try {
    return plain.compile(input, OPTIONS);
  } catch {
    return whole.compile(input, OPTIONS);
  }
}
