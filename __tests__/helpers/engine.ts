import { join } from 'node:path';

type Engine = typeof import('../../src/engine/index.js');

export const engine = require(join(__dirname, '../../dist/engine.cjs')) as Engine;

interface Given {
  sourceType?: 'module' | 'script' | 'unambiguous' | 'commonjs' | undefined | null;
  unmarked?: 'module' | 'commonjs';
  inputMap?: object;
  importSource?: string;
  locations?: boolean;
}

/** Compiles `code` as a file of `src/`, by the engine; a file with nothing to do comes back as it is. */
export function compileByEngine(code: string, file = 'input.js', given: Given = {}) {
  const { sourceType, unmarked, inputMap } = given;
  const { importSource = 'asyncgen-hooks/shim', locations = true } = given;
  const { compiled, isLowered } = engine.compile(
    {
      code,
      language: /\.([cm]?[jt]sx?)$/.exec(file)![1]!,
      sourceType: (sourceType as 'module' | undefined) ?? 'module',
      unmarked,
      file: `src/${file}`,
      source: file,
      inputMap,
    },
    { importSource, locations },
  );
  return { code: compiled?.code ?? code, map: compiled?.map, isLowered };
}
