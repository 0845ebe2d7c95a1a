import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SHIM_MODULE } from '../../../constants.js';
import { warn } from '../../../messages.js';
import { mayHaveGenerators } from '../../../transform/find.js';
import type { createCompiler } from '../../compiler/index.js';
import { hash, openCache } from './cache.js';
import { createFilter, type ResolvedOptions } from './options.js';

declare const VERSION: string;

export type SourceType = 'module' | 'commonjs' | undefined;

/**
 * Compiles a file, source map included.
 * @returns `undefined` if it has no async generators or is to be left alone.
 */
export type CompileFile = (
  source: string | NodeJS.ArrayBufferView | ArrayBuffer,
  file: string,
  sourceType: SourceType,
) => string | undefined;

const require = createRequire(import.meta.url);
const here = (name: string): URL => new URL(name, import.meta.url);
const shimUrl = here('./shim.mjs').href;
const ours = fileURLToPath(here('./'));
const shimPath = fileURLToPath(here('./shim.cjs'));

/** Nothing that takes time is loaded before a file needs it: the plugin, Babel, the globs. */
export function createCompileFile(options: ResolvedOptions, cwd: string): CompileFile {
  const isIncluded = createFilter(options, cwd, () => require('picomatch'));
  const cache = options.cache ? openCache(cwd) : undefined;
  const setting = JSON.stringify([VERSION, options.plugin]);
  let compile: ReturnType<typeof createCompiler> | undefined;
  let babel: string | undefined;
  /** While Babel and the plugin are loaded, they are not compiled by themselves. */
  let isAtWork = false;

  const compileAnew = (code: string, id: string, sourceType: SourceType): string => {
    isAtWork = true;
    try {
      return print(code, id, sourceType);
    } finally {
      isAtWork = false;
    }
  };

  const print = (code: string, id: string, sourceType: SourceType): string => {
    compile ??= (
      require('./compiler.cjs') as { createCompiler: typeof createCompiler }
    ).createCompiler({ plugin: options.plugin, cwd, inputSourceMaps: true });
    const compiled = parsed(id, () => compile!({ code, id, sourceType }));
    if (compiled === undefined) return '';
    const map = Buffer.from(JSON.stringify(compiled.map)).toString('base64');
    return `${compiled.code}\n//# sourceMappingURL=data:application/json;base64,${map}\n`;
  };

  return (source, file, sourceType) => {
    if (isAtWork || !hasText(source) || file.startsWith(ours) || !isIncluded(file))
      return undefined;
    const code = textOf(source);
    if (!mayHaveGenerators(code)) return undefined;
    const type = sourceType ?? typeOf(file);
    let compiled: string | undefined;
    if (cache === undefined) compiled = compileAnew(code, file, type);
    else {
      babel ??= babelVersion(cwd);
      const key = hash(code, relative(cwd, file), type ?? '', setting, babel);
      compiled = cache.get(key);
      if (compiled === undefined) cache.set(key, (compiled = compileAnew(code, file, type)));
    }
    return compiled === '' ? undefined : withOwnShim(compiled, options);
  };
}

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

/** Far quicker than the test proper, and on bytes: most files are told by it. */
function hasText(source: Parameters<CompileFile>[0]): boolean {
  return typeof source === 'string' ? source.includes('async') : bufferOf(source).includes('async');
}

const bufferOf = (source: NodeJS.ArrayBufferView | ArrayBuffer): Buffer =>
  ArrayBuffer.isView(source)
    ? Buffer.from(source.buffer as ArrayBuffer, source.byteOffset, source.byteLength)
    : Buffer.from(source);

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

/** What package.json says of a `.js` or `.ts` file: a module need not show by its text that it is one. */
function typeOf(file: string): SourceType {
  if (!['.js', '.ts', '.jsx', '.tsx'].includes(extname(file))) return undefined;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    let type = types.get(folder);
    if (type === undefined) types.set(folder, (type = readType(folder)));
    if (type !== 'none') return type === 'module' || type === 'commonjs' ? type : undefined;
    if (dirname(folder) === folder) return undefined;
  }
}

/** By folder: the `type` of its package.json; `none` where there is no such file. */
const types = new Map<string, string>();

function readType(folder: string): string {
  try {
    const { type } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      type?: string;
    };
    return type ?? 'unknown';
  } catch {
    return 'none';
  }
}
