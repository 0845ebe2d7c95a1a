/**
 * A transformer of Jest's in front of another one: it compiles by the engine, and what it gives is to the other the
 * file. No line moves.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import picomatch from 'picomatch';
import { show, warn } from '../../messages.js';
import { optionError } from '../../options.js';
import { failureOf, remedyFor } from '../compiler/failure.js';
import { composeMaps } from '../compiler/engines.js';
import { resolveFileOptions, type FileOptions } from '../compiler/files.js';
import { createFilter } from '../compiler/filter.js';
import { createCompiler, type Compile, type Compiled } from '../compiler/index.js';

declare const VERSION: string;

export interface JestTransformOptions extends FileOptions {
  /**
   * The transformer that comes next, as Jest's `transform` names it: `'ts-jest'`, or `['ts-jest', { … }]`.
   * @default 'babel-jest', Jest's own
   */
  transformer?: string | readonly [string, object?];
}

interface Transformed {
  readonly code: string;
  readonly map?: object | string | null;
}

interface TransformOptions {
  readonly config: { readonly rootDir: string };
  readonly configString: string;
  readonly instrument: boolean;
  readonly transformerConfig?: unknown;
}

type Process = (
  source: string,
  file: string,
  options: TransformOptions,
) => Transformed | string | Promise<Transformed | string>;

interface Transformer {
  readonly canInstrument?: boolean;
  process?: Process;
  processAsync?: Process;
  getCacheKey?(source: string, file: string, options: TransformOptions): string;
  createTransformer?(config?: object): Transformer;
  readonly default?: Transformer;
}

const SUBJECT = 'jest/transform:';

/** @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for options that are wrong. */
export function createTransformer(given: JestTransformOptions = {}): Transformer {
  const files = resolveFileOptions('jest/transform', given, ['transformer']);
  const [name, config] = nextOf(given.transformer);
  let next: Transformer | undefined;
  const nextIn = ({ config: { rootDir } }: TransformOptions): Transformer =>
    (next ??= load(name, config, rootDir));
  const compilers = new Map<string, (source: string, file: string) => Compiled | undefined>();

  const compile = (source: string, file: string, { config: { rootDir } }: TransformOptions) => {
    let found = compilers.get(rootDir);
    if (found === undefined) {
      const matches = createFilter(files, rootDir, () => picomatch);
      const compiler = createCompiler({
        plugin: files.plugin,
        cwd: rootDir,
        inputSourceMaps: true,
      });
      found = (code, at) => (matches(at) ? compiled(compiler, code, at) : undefined);
      compilers.set(rootDir, found);
    }
    return found(source, file);
  };

  return {
    canInstrument: true,
    process(source, file, options) {
      const ours = compile(source, file, options);
      const after = nextIn(options).process!(ours?.code ?? source, file, options);
      return composed(after as Transformed | string, ours);
    },
    async processAsync(source, file, options) {
      const { process, processAsync = process } = nextIn(options);
      const ours = compile(source, file, options);
      const work = processAsync!.call(nextIn(options), ours?.code ?? source, file, options);
      return composed(await work, ours);
    },
    getCacheKey(source, file, options) {
      const { configString, instrument } = options;
      const theirs = nextIn(options).getCacheKey?.(source, file, options);
      const key = [VERSION, show(given.include), show(given.exclude), JSON.stringify(given)];
      const whole = [...key, source, file, configString, instrument, theirs];
      return createHash('sha256').update(JSON.stringify(whole)).digest('hex').slice(0, 32);
    },
  };
}

export default { createTransformer };

function nextOf(given: unknown = 'babel-jest'): [name: string, config: object | undefined] {
  const [name, config] = [given].flat() as unknown[];
  if (typeof name === 'string' && (config === undefined || typeof config === 'object'))
    return [name, config as object | undefined];
  throw optionError(
    SUBJECT,
    `option "transformer", it is ${show(given)}. Pass the name of a transformer, or [name, options].`,
  );
}

/** As Jest finds it: from the project, or where Jest itself stands. */
function load(name: string, config: object | undefined, rootDir: string): Transformer {
  const path = name.replace('<rootDir>', rootDir);
  const require = createRequire(join(rootDir, 'package.json'));
  const paths = [rootDir, ...(process.argv[1] === undefined ? [] : [process.argv[1]])];
  const exported = require(require.resolve(path, { paths })) as Transformer;
  const transformer = exported.createTransformer ? exported : (exported.default ?? exported);
  return transformer.createTransformer?.(config) ?? transformer;
}

/** What cannot be compiled is the next one's to complain of. */
function compiled(compile: Compile, code: string, file: string): Compiled | undefined {
  try {
    return compile({ code, file });
  } catch (error) {
    const failure = failureOf(error, file);
    const text = `${failure.fact} and no hook sees its async generators. ${remedyFor(failure, '"exclude"')}`;
    warn(`asyncgen-hooks/${SUBJECT} ${file}, ${text}`, failure.code, error);
    return undefined;
  }
}

function composed(after: Transformed | string, ours: Compiled | undefined): Transformed {
  const { code, map } = typeof after === 'string' ? { code: after } : after;
  if (ours === undefined || !map) return map === undefined ? { code } : { code, map };
  const theirs = (typeof map === 'string' ? JSON.parse(map) : map) as Compiled['map'];
  return { code, map: composeMaps(theirs, ours.map) };
}
