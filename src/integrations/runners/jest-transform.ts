/**
 * A transformer of Jest's around another one. Behind it, as a rule: a type checker (ts-jest) sees the file that the user
 * wrote, and coverage counts nothing of ours. In front of one that lowers JavaScript, since behind it nothing would be left to
 * compile. The engine moves no line.
 */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import picomatch from 'picomatch';
import { show, warn } from '../../messages.js';
import { optionError } from '../../options.js';
import { failureOf, remedyFor } from '../compiler/failure.js';
import { composeMaps } from '../compiler/engines.js';
import { sourceMapComment } from '../compiler/maps.js';
import { resolveFileOptions, type FileOptions } from '../files/options.js';
import { createFilter } from '../files/filter.js';
import { createCompiler, type Compile, type Compiled } from '../compiler/index.js';
import { mayHaveGenerators } from '../../syntax/async-star.js';

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

  /** What the next one gave, compiled; `undefined` if it has lowered all there was to compile. */
  const behind = (
    after: Transformed | string,
    source: string,
    file: string,
    to: TransformOptions,
  ) => {
    const { code, map } = typeof after === 'string' ? { code: after } : after;
    const isLowered = mayHaveGenerators(source) && !mayHaveGenerators(code);
    if (isLowered && !/\.[cm]?tsx?$/.test(file)) return undefined;
    return compile(map ? code + commentOf(map) : code, file, to) ?? after;
  };

  return {
    // Whether Jest has to count what is covered, or the next one has done so.
    get canInstrument() {
      return next?.canInstrument === true;
    },
    process(source, file, options) {
      const transform = (text: string) => nextIn(options).process!(text, file, options);
      const after = transform(source) as Transformed | string;
      const done = behind(after, source, file, options);
      if (done !== undefined) return done;
      const ours = compile(source, file, options);
      return ours ? composed(transform(ours.code) as Transformed | string, ours) : after;
    },
    async processAsync(source, file, options) {
      const { process, processAsync = process } = nextIn(options);
      const transform = async (text: string) =>
        await processAsync!.call(nextIn(options), text, file, options);
      const after = await transform(source);
      const done = behind(after, source, file, options);
      if (done !== undefined) return done;
      const ours = compile(source, file, options);
      return ours ? composed(await transform(ours.code), ours) : after;
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
    `option "transformer" is ${show(given)}. Pass the name of a transformer, or [name, options].`,
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
    const text = `${failure.fact}, and no hook sees its async generators. ${remedyFor(failure, '"exclude"')}`;
    warn(`asyncgen-hooks/${SUBJECT} ${file} ${text}`, failure.code, error);
    return undefined;
  }
}

/** A map as the engine reads it. */
function commentOf(map: object | string): string {
  const text = typeof map === 'string' ? map : JSON.stringify(map);
  const base64 = Buffer.from(text).toString('base64');
  return `\n${sourceMapComment(`data:application/json;base64,${base64}`)}`;
}

function composed(after: Transformed | string, { map: ours }: Compiled): Transformed {
  const { code, map } = typeof after === 'string' ? { code: after } : after;
  if (!map) return map === undefined ? { code } : { code, map };
  const theirs = (typeof map === 'string' ? JSON.parse(map) : map) as Compiled['map'];
  return { code, map: composeMaps(theirs, ours) };
}
