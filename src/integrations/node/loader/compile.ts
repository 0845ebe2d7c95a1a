import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SHIM_MODULE } from '../../../constants.js';
import { printable, warn } from '../../../messages.js';
import { mayHaveGenerators } from '../../../transform/find.js';
import { babelVersions } from '../../compiler/babel.js';
import { failureOf } from '../../compiler/failure.js';
import { loweredMessage } from '../../../transform/lowered-warning.js';
import { mayHaveLowered } from '../../../transform/lowered.js';
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

/** Who has to know what becomes of each file. */
export interface Watcher {
  tell(
    fate: 'seen' | 'compiled' | 'excluded' | 'lowered' | 'unreadable' | 'unhooked',
    file: string,
  ): void;
  /** Whether nobody else has told of lowered code. */
  claim(): boolean;
}

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
  watcher?: Watcher,
): CompileFile {
  const isIncluded = createFilter(options, cwd, () => require('picomatch'));
  const cache = options.cache ? openCache(cwd) : undefined;
  let compile: ReturnType<typeof createCompiler> | undefined;
  let babel: string | undefined;
  /** While Babel and the plugin are loaded, they are not compiled by themselves. */
  let isAtWork = false;
  let isLoweredTold = false;

  const onLowered = (file: string, isWhole: boolean): void => {
    isLoweredTold = true;
    if (isWhole) watcher?.tell('lowered', file);
    const isFirst = watcher?.claim() ?? claimInThread();
    if (isFirst) warn(loweredMessage(file, isWhole), 'ERR_ASYNCGEN_LOWERED');
  };

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
    ).createCompiler({ plugin: options.plugin, cwd, inputSourceMaps: true, onLowered });
    return parsed(file, watcher, () => {
      const compiled = compile!({ code, file, sourceType });
      if (compiled === undefined) return { code: '', map: undefined };
      return { code: compiled.code, map: shortened(compiled.map, file) };
    });
  };

  return (source, at, sourceType) => {
    const hasWord = hasText(source);
    if ((isAtWork || !hasWord) && watcher === undefined) return undefined;
    const file = typeof at === 'string' ? at : at();
    if (file.startsWith(ours)) return undefined;
    if (!isAtWork && !isIncluded(file)) {
      if (hasWord) watcher?.tell('excluded', file);
      return undefined;
    }
    watcher?.tell('seen', file);
    if (isAtWork || !hasWord) return undefined;
    const code = textOf(source);
    // It may pass a second hook: where threads share the loaders' thread, each has put one there.
    if (code.includes(shimUrl) || code.includes(JSON.stringify(shimPath))) return undefined;
    // What was lowered is told of in each run, so the cache may not know of it.
    const isSuspect = !isLoweredTold && mayHaveLowered(code);
    if (!isSuspect && !mayHaveGenerators(code)) return undefined;
    const type = sourceType ?? typeOf(file);
    let compiled: string | undefined;
    if (cache !== undefined && !isSuspect) {
      babel ??= babelVersions(cwd);
      // The sites are relative to the one place, the sources of the map are in the other. The file's
      // stands last: the entry is named by it.
      const { importSource, locations } = options.plugin;
      const name = JSON.stringify([VERSION, babel, importSource, locations, type, cwd, file]);
      const source = `${stampOfMap(code, file)}\n${code}`;
      compiled = cache.get(name, source);
      if (compiled === undefined) {
        const made = compileAnew(code, file, type);
        if (made !== undefined) cache.set(name, source, made);
        compiled = textWithMap(made);
      }
    } else compiled = textWithMap(compileAnew(code, file, type));
    // The plugin leaves alone what was compiled before it is loaded.
    if (compiled !== '' || code.includes(options.plugin.importSource))
      watcher?.tell('compiled', file);
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

/** What cannot be compiled is left to Node: if it is no JavaScript, people know its error. */
function parsed<T>(file: string, watcher: Watcher | undefined, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    const { code, fact } = failureOf(error, file);
    const isParse = code === 'ERR_ASYNCGEN_PARSE';
    watcher?.tell('unreadable', file);
    warn(
      `asyncgen-hooks/node: ${printable(file)}, ${isParse ? 'Babel cannot parse it' : fact} and no hook will see ` +
        `its async generators. ${isParse ? 'Mend the file, or update @babel/core.' : 'Name it in "exclude", or --exclude.'}`,
      code,
      error,
    );
    return undefined;
  }
}

/** The second is in the names of Babel's helpers for what it lowered. */
const WORDS = ['async', 'AsyncGen'];
const BYTES = WORDS.map((word) => Buffer.from(word));

/** Far quicker than the test proper, and on bytes: most files are told by it. */
function hasText(source: Parameters<CompileFile>[0]): boolean {
  if (typeof source === 'string') return WORDS.some((word) => source.includes(word));
  const bytes = bufferOf(source);
  return BYTES.some((word) => bytes.includes(word));
}

const CLAIMED = 'asyncgen-hooks/lowered';

/** In this thread and those that it starts. */
function claimInThread(): boolean {
  const { getEnvironmentData, setEnvironmentData } =
    require('node:worker_threads') as typeof import('node:worker_threads');
  if (getEnvironmentData(CLAIMED) === true) return false;
  setEnvironmentData(CLAIMED, true);
  return true;
}

function bufferOf(source: NodeJS.ArrayBufferView | ArrayBuffer): Buffer {
  if (Buffer.isBuffer(source)) return source;
  return ArrayBuffer.isView(source)
    ? Buffer.from(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength)
    : Buffer.from(source);
}

const textOf = (source: Parameters<CompileFile>[0]): string =>
  typeof source === 'string' ? source : bufferOf(source).toString();

const SHIM_IMPORT = new RegExp(
  // Not past another brace: else each of many would be searched to the end of the text.
  String.raw`^((?:import \{[\w$\s,:]*\} from )|(?:const \{[\w$\s,:]*\} = require\())"${SHIM_MODULE}"`,
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

const MAP_COMMENT = /[#@]\s+sourceMappingURL=([^\s'"`]+)/g;

/** What is made of a file leads through its map, too: one that changed makes another source of it. */
function stampOfMap(code: string, file: string): string {
  if (!code.includes('sourceMappingURL=')) return '';
  let url: string | undefined;
  for (const match of code.matchAll(MAP_COMMENT)) url = match[1];
  if (url === undefined || url.startsWith('data:')) return '';
  try {
    const { size, mtimeMs } = statSync(resolve(dirname(file), url));
    return `${size} ${mtimeMs}`;
  } catch {
    return '';
  }
}
