import type { BabelFileResult, PluginItem, PluginObj } from '@babel/core';
import { CALLER, LOWERED_KEY, METADATA_KEY } from '../../transform/context.js';
import { ASYNC_STAR, mayHaveGenerators } from '../../transform/find.js';
import plugin from '../../transform/index.js';
import { tellLowered } from '../../transform/lowered-warning.js';
import { LOWERED_NAMES, mayHaveLowered } from '../../transform/lowered.js';
import { resolveOptions, type Options } from '../../transform/options.js';
import { loadBabel, type Babel } from './babel.js';
import { codeOf } from './failure.js';
import { languageOf, parserPlugins } from './syntax.js';

export { ASYNC_STAR, LOWERED_NAMES };

type ParseResult = NonNullable<ReturnType<Babel['parseSync']>>;

/** A source map, version 3. */
export type SourceMap = NonNullable<BabelFileResult['map']>;

export interface CompilerOptions {
  /** Options of the Babel plugin. */
  readonly plugin?: Options;
  /** The folder that sites are relative to. */
  readonly cwd: string;
  /**
   * Whether the map of the output leads through the map that a file names in its
   * `sourceMappingURL` comment. Bundlers compose maps themselves.
   */
  readonly inputSourceMaps: boolean;
  /**
   * Called for a file some of whose async generators were lowered before; `isWhole`: all of them.
   * @default warns of the first one
   */
  readonly onLowered?: (file: string, isWhole: boolean) => void;
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

export interface Compiled {
  readonly code: string;
  readonly map: SourceMap;
}

/** What a CommonJS file is known by. */
const COMMONJS = ['require', 'module', 'exports'];

export type Compile = (source: Source) => Compiled | undefined;

/**
 * Returns a function that compiles one module: only its async generators change, types and JSX
 * stay for whoever comes next. It answers `undefined` for what has no async generators or is no
 * script, warns once of what was lowered before, and throws Babel's error for what does not parse.
 *
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for an unknown or wrong option of the plugin;
 *   the returned function: Error, code `ERR_ASYNCGEN_PEER`, if `@babel/core` is missing.
 */
export function createCompiler(options: CompilerOptions): Compile {
  const { cwd, inputSourceMaps, onLowered = tellLowered } = options;
  const pluginOptions = resolveOptions(options.plugin ?? {});
  let babel: Babel | undefined;
  return (source) => {
    const { code, file } = source;
    const language = languageOf(file);
    if (language === undefined) return undefined;
    if (!mayHaveGenerators(code) && !mayHaveLowered(code)) return undefined;
    babel ??= loadBabel(cwd);
    const isolated = {
      configFile: false,
      babelrc: false,
      browserslistConfigFile: false,
      // Its frames get into warnings, as text.
      highlightCode: false,
    } as const;
    const caller = { name: CALLER };
    const transform = (inputSourceMap: boolean): BabelFileResult => {
      const ast = parse(babel!, source, language, { ...isolated, filename: file, cwd });
      const options = bare({
        ...isolated,
        caller,
        filename: file,
        cwd,
        plugins: [
          ...(source.unmarked === 'module' ? [unmarkedModules] : []),
          [plugin, pluginOptions],
        ] as unknown as PluginItem[],
        cloneInputAst: false,
        compact: false,
        inputSourceMap: inputSourceMap as unknown as undefined,
        sourceMaps: true,
      });
      return babel!.transformFromAstSync(ast, code, options)!;
    };
    let result: BabelFileResult;
    try {
      result = transform(inputSourceMaps);
    } catch (error) {
      // Babel stumbles over maps in sections, and over broken ones, when it prints.
      if (!inputSourceMaps || codeOf(error) !== 'BABEL_GENERATE_ERROR') throw error;
      result = transform(false);
    }
    const { [METADATA_KEY]: compiled, [LOWERED_KEY]: isLowered } =
      result.metadata as unknown as Record<string, unknown>;
    if (isLowered) onLowered(file, !compiled);
    return compiled ? { code: result.code!, map: result.map! } : undefined;
  };
}

/** A plugin that stands before the real one, and tells it what to import the runtime by. */
const unmarkedModules = (): PluginObj => ({
  visitor: {},
  pre({ ast: { program }, scope }) {
    if (COMMONJS.some((name) => scope.hasGlobal(name))) return;
    program.sourceType = 'module';
  },
});

/** Babel reads options that are not given, too: they must not come from `Object.prototype`. */
const bare = <Options extends object>(options: Options): Options =>
  Object.assign(Object.create(null) as object, options);

/** Tries the grammars that a file may be written in; if none fits, the first one's error tells. */
function parse(babel: Babel, source: Source, language: string, options: object): ParseResult {
  let first: unknown;
  const sourceType = babelSourceType(source, language);
  // What Node makes of CommonJS is the body of a function.
  const isCommonJs = sourceType !== 'module';
  for (const plugins of parserPlugins(language, source.code)) {
    try {
      const parserOpts = bare({
        plugins,
        allowReturnOutsideFunction: true,
        allowNewTargetOutsideFunction: isCommonJs,
      });
      const ast = babel.parseSync(source.code, bare({ ...options, sourceType, parserOpts }))!;
      const { program } = ast;
      // Babel calls a file whose only mark is an `await` at the top a script.
      if (program.extra?.topLevelAwait) program.sourceType = 'module';
      return ast;
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

function babelSourceType(
  { sourceType }: Source,
  language: string,
): 'module' | 'script' | 'unambiguous' {
  if (sourceType === 'unambiguous') return sourceType;
  if (sourceType === 'module' || language.startsWith('m')) return 'module';
  // What becomes CommonJS is written with `import` and `export` in TypeScript.
  if (language.includes('t')) return 'unambiguous';
  return sourceType === 'commonjs' || language.startsWith('c') ? 'script' : 'unambiguous';
}
