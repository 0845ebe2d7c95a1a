import { compile } from '../dist/engine.cjs';

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
  return compile(input, OPTIONS).compiled?.code ?? code;
}

/** What `--compiler` takes. */
export const COMPILERS = ['babel', 'engine'];
