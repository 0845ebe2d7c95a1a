import { basename } from 'node:path';
import type { Kept, Names, RawMap } from '../../engine/index.js';
import { siteFile, sourceFile } from '../../site-files.js';
import { ASYNC_STAR, mayHaveGenerators } from '../../syntax/async-star.js';
import { isLoweredTold, tellLowered } from '../../syntax/lowered-warning.js';
import { LOWERED_NAMES, mayHaveLowered } from '../../syntax/lowered.js';
import { resolveOptions, type Options } from '../../syntax/options.js';
import { compileByEngine } from './engines.js';
import { readInputMap } from './maps.js';

export { ASYNC_STAR, LOWERED_NAMES };

/** A source map, version 3. */
export type SourceMap = RawMap;

export interface CompilerOptions {
  /** Options of the compilers. */
  readonly plugin?: Options;
  /** The folder that sites are relative to. */
  readonly cwd: string;
  /**
   * Whether sites, and the map of the output, lead through the map that a file names in its
   * `sourceMappingURL` comment. Bundlers compose maps themselves.
   */
  readonly inputSourceMaps: boolean;
  /**
   * Called for a file some of whose async generators were lowered before; `isWhole`: all of them.
   * @default warns of the first one
   */
  readonly onLowered?: (file: string, isWhole: boolean) => void;
  /** What compiled code imports the runtime by, where that is not the option of that name. */
  readonly shim?: ((isModule: boolean) => string) | undefined;
}

export interface Source {
  /** The text of the module. */
  readonly code: string;
  /** Its absolute file. */
  readonly file: string;
  /**
   * How it is loaded, where the caller knows.
   * @default told by the extension, unless it is 'unambiguous'; else a module if `import`, `export` or an `await` at the top says so
   */
  readonly sourceType?: 'module' | 'commonjs' | 'unambiguous' | undefined;
  /**
   * What a file is that has no mark of a module and uses neither `require`, `module` nor `exports`.
   * @default 'commonjs'
   */
  readonly unmarked?: 'module' | 'commonjs' | undefined;
}

export interface Compiled extends Names {
  readonly code: string;
  readonly map: SourceMap;
  /** The parts of the source that stay. */
  readonly kept: readonly Kept[];
}

export type Compile = (source: Source) => Compiled | undefined;

/** `ts`, `mjs`, `jsx`… of a file; `undefined` for what is no script. */
const languageOf = (file: string): string | undefined => /\.([cm]?[jt]sx?)$/.exec(file)?.[1];

/**
 * Returns a function that compiles one module: only its async generators change, types and JSX
 * stay for whoever comes next. It answers `undefined` for what has no async generators or is no
 * script, warns once of what was lowered before, and throws the parser's error for what does not parse.
 *
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown or wrong option.
 */
export function createCompiler(options: CompilerOptions): Compile {
  const { cwd, inputSourceMaps, onLowered = tellLowered, shim } = options;
  const resolved = resolveOptions(options.plugin ?? {});
  return ({ code, file, sourceType, unmarked }) => {
    const language = languageOf(file);
    if (language === undefined) return undefined;
    const asksLowered = onLowered !== tellLowered || !isLoweredTold();
    if (!mayHaveGenerators(code) && !(asksLowered && mayHaveLowered(code))) return undefined;
    const { compiled, isLowered } = compileByEngine(
      {
        code,
        language,
        sourceType: parsedAs(sourceType, language),
        unmarked,
        file: siteFile(file, cwd),
        source: basename(file),
        asksLowered,
        inputMap: inputSourceMaps ? readInputMap(code, file) : undefined,
        sourceFile: (source) => sourceFile(source, file, cwd),
      },
      resolved,
      shim,
    );
    if (isLowered) onLowered(file, compiled === undefined);
    return compiled;
  };
}

function parsedAs(
  sourceType: Source['sourceType'],
  language: string,
): 'module' | 'script' | 'unambiguous' {
  if (sourceType === 'unambiguous') return sourceType;
  if (sourceType === 'module' || language.startsWith('m')) return 'module';
  // What becomes CommonJS is written with `import` and `export` in TypeScript.
  if (language.includes('t')) return 'unambiguous';
  return sourceType === 'commonjs' || language.startsWith('c') ? 'script' : 'unambiguous';
}
