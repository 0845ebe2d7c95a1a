import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SHIM_MODULE } from '../../../constants.js';
import { warn } from '../../../messages.js';
import { mayHaveGenerators } from '../../../transform/find.js';
import { createFilter } from '../../compiler/filter.js';
import type { createCompiler, SourceMap } from '../../compiler/index.js';
import { openCache, type Made } from './cache.js';
import { inlineMap, withInlineMap } from './inline-map.js';
import type { ResolvedOptions } from './options.js';
import { typeOf, type SourceType } from './package-type.js';
import { keepStackTraces } from './stack-traces.js';

declare const VERSION: string;

/**
 * Compiles a file, source map included.
 * @returns `undefined` if it has no async generators or is to be left alone.
 */
export type CompileFile = (
  source: string | NodeJS.ArrayBufferView | ArrayBuffer,
  /** Its path; or how to get it, which takes time. */
  file: string | (() => string),
  sourceType: SourceType,
) => string | undefined;

const require = createRequire(import.meta.url);
const here = (name: string): URL => new URL(name, import.meta.url);
const shimUrl = here('./shim.mjs').href;
const ours = fileURLToPath(here('./'));
const shimPath = fileURLToPath(here('./shim.cjs'));

/** Nothing that takes time is loaded before a file needs it: the plugin, Babel, the globs. */
export function createCompileFile(
  options: ResolvedOptions,
  cwd: string,
  onCompiled: (file: string) => void,
  /** Whether another loader may take the text after us, which reads no map that stands in a file. */
  isPassedOn: () => boolean,
): CompileFile {
  const isIncluded = createFilter(options, cwd, () => require('picomatch'));
  const cache = options.cache ? openCache(cwd) : undefined;
  const setting = JSON.stringify([VERSION, options.plugin]);
  let compile: ReturnType<typeof createCompiler> | undefined;
  let babel: string | undefined;
  /** While Babel and the plugin are loaded, they are not compiled by themselves. */
  let isAtWork = false;

  const compileAnew = (code: string, file: string, sourceType: SourceType): Made | undefined => {
    isAtWork = true;
    try {
      return keepStackTraces(() => make(code, file, sourceType));
    } finally {
      isAtWork = false;
    }
  };

  /** Nothing for what does not parse: the next run is to tell of it, too. */
  const make = (code: string, file: string, sourceType: SourceType): Made | undefined => {
    compile ??= (
      require('./compiler.cjs') as { createCompiler: typeof createCompiler }
    ).createCompiler({ plugin: options.plugin, cwd, inputSourceMaps: true });
    return parsed(file, () => {
      const compiled = compile!({ code, file, sourceType });
      if (compiled === undefined) return { code: '', map: undefined };
      return { code: compiled.code, map: shortened(compiled.map, file) };
    });
  };

  return (source, at, sourceType) => {
    if (isAtWork || !hasText(source)) return undefined;
    const file = typeof at === 'string' ? at : at();
    if (file.startsWith(ours) || !isIncluded(file)) return undefined;
    const code = textOf(source);
    // It may pass a second hook: where threads share the loaders' thread, each has put one there.
    const isDone = code.includes(shimUrl) || code.includes(JSON.stringify(shimPath));
    if (isDone || !mayHaveGenerators(code)) return undefined;
    const type = sourceType ?? typeOf(file);
    let compiled: string | undefined;
    if (cache !== undefined) {
      babel ??= babelVersion(cwd);
      // The sites are relative to the one place, the sources of the map are in the other.
      const name = `${babel} ${type} ${setting} ${cwd} ${file}`;
      compiled = cache.get(name, code);
      if (compiled === undefined) {
        const made = compileAnew(code, file, type);
        if (made !== undefined) cache.set(name, code, made);
        compiled = textWithMap(made);
      }
    } else compiled = textWithMap(compileAnew(code, file, type));
    if (compiled === '') return undefined;
    onCompiled(file);
    return withOwnShim(isPassedOn() ? inlineMap(compiled) : compiled, options);
  };
}

/**
 * With the place of its sources, so that the map can stand anywhere, and without their text: whoever
 * shows it finds it there, and Node reads all of a map.
 */
function shortened(map: SourceMap, file: string): object {
  const sources = map.sources.map((source) => pathToFileURL(resolve(dirname(file), source)).href);
  const [source, ...others] = map.sources;
  const isFile = source === basename(file) && others.length === 0;
  return { ...map, sources, ...(isFile && { sourcesContent: undefined }) };
}

const textWithMap = ({ code, map }: Made = { code: '', map: undefined }): string =>
  code && withInlineMap(code, map!);

/** What does not parse is left to Node, whose error people know. */
function parsed<T>(file: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if ((error as { code?: string }).code !== 'BABEL_PARSE_ERROR') throw error;
    warn(
      `asyncgen-hooks/node: ${file}, Babel cannot parse it and no hook will see its async generators. ` +
        'Mend the file, or update @babel/core.',
      'ERR_ASYNCGEN_PARSE',
      error,
    );
    return undefined;
  }
}

const WORD = Buffer.from('async');

/** Far quicker than the test proper, and on bytes: most files are told by it. */
const hasText = (source: Parameters<CompileFile>[0]): boolean =>
  typeof source === 'string' ? source.includes('async') : bufferOf(source).indexOf(WORD) >= 0;

function bufferOf(source: NodeJS.ArrayBufferView | ArrayBuffer): Buffer {
  if (Buffer.isBuffer(source)) return source;
  return ArrayBuffer.isView(source)
    ? Buffer.from(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength)
    : Buffer.from(source);
}

const textOf = (source: Parameters<CompileFile>[0]): string =>
  typeof source === 'string' ? source : bufferOf(source).toString();

const SHIM_IMPORT = new RegExp(
  String.raw`^((?:import \{[^}]*\} from )|(?:const \{[^}]*\} = require\())"${SHIM_MODULE}"`,
  'm',
);

/** The program need not have this package installed: the import leads to where we are. */
const withOwnShim = (code: string, { plugin }: ResolvedOptions): string =>
  plugin.importSource !== SHIM_MODULE
    ? code
    : code.replace(
        SHIM_IMPORT,
        (_, before: string) =>
          before + JSON.stringify(before.startsWith('import') ? shimUrl : shimPath),
      );

/** A new Babel may print something else. */
function babelVersion(cwd: string): string {
  for (const from of [import.meta.url, join(cwd, 'package.json')]) {
    try {
      const { version } = createRequire(from)('@babel/core/package.json') as { version: string };
      return version;
    } catch {
      // The compiler says what to do.
    }
  }
  return '';
}
