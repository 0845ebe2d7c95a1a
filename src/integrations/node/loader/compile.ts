import { createRequire } from 'node:module';
import { basename, dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { debuglog } from 'node:util';
import { SHIM_MODULE } from '../../../constants.js';
import { printable, warn } from '../../../messages.js';
import { mayHaveGenerators } from '../../../syntax/async-star.js';
import { failureOf, remedyFor } from '../../compiler/failure.js';
import { loweredMessage } from '../../../syntax/lowered-warning.js';
import { mayHaveLowered } from '../../../syntax/lowered.js';
import { createFilter } from '../../files/filter.js';
import { createCompiler, type SourceMap } from '../../compiler/index.js';
import { importsOwnShim, OWN_FOLDER, SHIM_PATH, SHIM_URL } from '../../shim.js';
import { withInlineMap } from '../../compiler/maps.js';
import { hasWords } from '../../compiler/words.js';
import { coverageNote } from './coverage.js';
import type { ResolvedOptions } from './config.js';
import { typeOf, type SourceType } from './package-type.js';

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

/** Nothing that takes time is loaded before a file needs it: the engine, the globs. */
export function createCompileFile(
  options: ResolvedOptions,
  cwd: string,
  onCompiled: (file: string) => void,
  watcher?: Watcher,
): CompileFile {
  const { plugin } = options;
  const isIncluded = createFilter(options, cwd, () => require('picomatch'));
  const shim =
    plugin.importSource === SHIM_MODULE
      ? (isModule: boolean): string => (isModule ? SHIM_URL : SHIM_PATH)
      : undefined;
  const onLowered = (file: string, isWhole: boolean): void => {
    if (isWhole) tell('lowered', file);
    const isFirst = watcher?.claim() ?? claimInThread();
    if (isFirst) warn(loweredMessage(file, isWhole), 'ERR_ASYNCGEN_LOWERED');
  };
  const compile = createCompiler({ plugin, cwd, inputSourceMaps: true, onLowered, shim });
  const log = debuglog('asyncgen-hooks');
  const logged = new Set<string>();
  // Node 20 reads a CommonJS file that is imported twice.
  const debug = (fate: string, file: string): void => {
    const line = `${fate}: ${file}`;
    if (!log.enabled || logged.has(line)) return;
    logged.add(line);
    log('%s', line);
  };
  const tell: Watcher['tell'] = (fate, file) => {
    if (fate !== 'seen') debug(fate, file);
    watcher?.tell(fate, file);
  };
  const leave = (file: string): undefined => void debug('nothing to compile', file);

  return (source, at, sourceType) => {
    const hasWord = hasWords(typeof source === 'string' ? source : bufferOf(source));
    if (!hasWord && watcher === undefined && !log.enabled) return undefined;
    const file = typeof at === 'string' ? at : at();
    // What Node 20 runs a text of the command line in, which itself passes no hook.
    if (file.startsWith(OWN_FOLDER) || /^\[.+\]-wrapper$/.test(file)) return undefined;
    if (!isIncluded(file)) {
      if (hasWord) tell('excluded', file);
      return undefined;
    }
    tell('seen', file);
    if (!hasWord) return leave(file);
    const code = textOf(source);
    // It may pass a second hook: where threads share the loaders' thread, each has put one there.
    if (importsOwnShim(code)) return undefined;
    if (!mayHaveGenerators(code) && !mayHaveLowered(code)) return leave(file);
    const type = sourceType ?? typeOf(file);
    const compiled = parsed(file, tell, () => compile({ code, file, sourceType: type }));
    if (compiled === 'unreadable') return undefined;
    // The engine leaves alone what was compiled before it is loaded.
    if (compiled === undefined && !code.includes(plugin.importSource)) return leave(file);
    tell('compiled', file);
    if (compiled === undefined) return undefined;
    onCompiled(file);
    const map = shortened(compiled.map, file);
    return withInlineMap(compiled.code, { ...map, ...coverageNote(code, file, compiled) });
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

/** What cannot be compiled is left to Node: if it is no JavaScript, people know its error. */
function parsed<T>(file: string, tell: Watcher['tell'], work: () => T): T | 'unreadable' {
  try {
    return work();
  } catch (error) {
    const failure = failureOf(error, file);
    tell('unreadable', file);
    warn(
      `asyncgen-hooks/node: ${printable(file)} ${failure.fact}, and no hook will see its async generators. ` +
        remedyFor(failure, '"exclude", or --exclude'),
      failure.code,
      error,
    );
    return 'unreadable';
  }
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
