import remapping, { type SourceMapInput } from '@jridgewell/remapping';
import type * as t from '@babel/types';
import { AsyncStars, mayHaveGenerators } from '../syntax/async-star.js';
import { isIgnoredFile } from '../syntax/comments.js';
import { hasLoweredGenerators, mayHaveLowered } from '../syntax/lowered.js';
import type { GeneratorFunction } from '../syntax/nodes.js';
import type { ResolvedOptions } from '../syntax/options.js';
import { openMap, Sites } from '../syntax/sites.js';
import { tellLife } from './body.js';
import { FileContext, type Names } from './context.js';
import { compileDeclaration } from './declarations.js';
import { compileExpression } from './expressions.js';
import { findGenerators } from './find.js';
import { finish } from './finish.js';
import type { Rendered } from './edits.js';
import type { RawMap } from './map.js';
import { compileClassMethod, compileObjectMethod } from './methods.js';
import { parse, type Language } from './parse.js';
import { Path, walk } from './path.js';
import { referencesTo } from './scopes.js';
import type { Places } from './brackets.js';

export type { Language, RawMap };
export type { Kept } from './edits.js';
export type { Names };

export interface EngineInput {
  readonly code: string;
  readonly language: Language;
  readonly sourceType: 'module' | 'script' | 'unambiguous';
  /**
   * What a text is that has no mark of a module and uses neither `require`, `module` nor `exports`.
   * @default 'commonjs'
   */
  readonly unmarked?: 'module' | 'commonjs' | undefined;
  /** How sites call the file. */
  readonly file: string;
  /** How the map calls it. */
  readonly source: string;
  /** The map of what was made before, to what the user wrote. */
  readonly inputMap?: object | undefined;
  /**
   * Whether the answer has to say if some generators were lowered before: a file that has no others
   * is parsed for that alone.
   * @default true
   */
  readonly asksLowered?: boolean;
  /** How sites call a source of that map. */
  readonly sourceFile?: (source: string) => string;
}

interface Compiled extends Readonly<Rendered>, Names {}

export interface EngineOutput {
  /** None if nothing had to change. */
  readonly compiled: Compiled | undefined;
  /** Whether some of its async generators were lowered before. */
  readonly isLowered: boolean;
}

const NOTHING: EngineOutput = { compiled: undefined, isLowered: false };

/** What a CommonJS file is known by. */
const COMMONJS = ['require', 'module', 'exports'];

/**
 * The engine: compiles a text by putting a few characters into it. What it does not have to touch
 * stays as it is, and no line moves.
 *
 * @throws SyntaxError, `code` of the parser's and with `loc`, for what does not parse.
 */
export function compile(
  input: EngineInput,
  options: ResolvedOptions,
  /** What the runtime is imported by, where that is not `importSource`. */
  shim?: (isModule: boolean) => string,
): EngineOutput {
  const { code, file: name, inputMap, asksLowered = true } = input;
  const isSuspect = asksLowered && mayHaveLowered(code);
  if (!mayHaveGenerators(code) && !isSuspect) return NOTHING;
  const file = parse({ ...input, places: isSuspect ? undefined : placesOf(input) });
  if (isIgnoredFile(file.comments)) return NOTHING;
  const isModule = file.program.sourceType === 'module' || isUnmarkedModule(input, file.program);
  const map = openMap(() => inputMap);
  const sites = new Sites(name, map, input.sourceFile ?? ((source) => source));
  const ctx = new FileContext({ file, code, options, sites, isModule, shim });
  if (ctx.isCompiled) return NOTHING;
  const found = findGenerators(ctx);
  const isLowered = isSuspect && hasLoweredGenerators(file.program, walk);
  ctx.compiled = new Set(found.map(({ node }) => node));
  for (const path of found) {
    tellLife(ctx, path);
    compileFunction(ctx, path);
  }
  finish(ctx, file.comments ?? []);
  if (ctx.edits.isEmpty) return { compiled: undefined, isLowered };
  const compiled = ctx.edits.render(input.source);
  if (map) compiled.map = composeMaps(compiled.map, map);
  const { renamed, tails, classEnds } = ctx;
  return { compiled: { ...compiled, renamed, tails, classEnds }, isLowered };
}

/** What is asked of a text: of functions without an async generator no more than what else is named here. */
function placesOf({ code, unmarked }: EngineInput): Places {
  const stars = [...new AsyncStars(code).places()];
  const kept = [...stars];
  const marks = unmarked === 'module' ? MARKS_AND_COMMONJS : MARKS;
  for (const { index } of code.matchAll(marks)) kept.push(index);
  return { stars, kept: kept.sort((a, b) => a - b) };
}

/** `import.meta` tells that a text is a module. */
const MARKS = /\bimport\b(?!\s*\()/g;
const MARKS_AND_COMMONJS = new RegExp(`${MARKS.source}|${COMMONJS.join('|')}`, 'g');

function isUnmarkedModule({ unmarked, code }: EngineInput, program: t.Program): boolean {
  if (unmarked !== 'module') return false;
  const root = new Path(program, null, 'program', false);
  return !COMMONJS.some((name) => code.includes(name) && referencesTo(name, root).length > 0);
}

/** A map of what was made of a text, and the map that this text has, as one. */
export function composeMaps(map: object, before: object | string): RawMap {
  return remapping([map, before] as SourceMapInput[], () => null) as RawMap;
}

function compileFunction(ctx: FileContext, path: Path<GeneratorFunction>): void {
  switch (path.node.type) {
    case 'FunctionDeclaration':
      return compileDeclaration(ctx, path as Path<t.FunctionDeclaration>);
    case 'FunctionExpression':
      return compileExpression(ctx, path as Path<t.FunctionExpression>);
    case 'ObjectMethod':
      return compileObjectMethod(ctx, path as Path<t.ObjectMethod>);
    case 'ClassMethod':
    case 'ClassPrivateMethod':
      return compileClassMethod(ctx, path as Path<t.ClassMethod | t.ClassPrivateMethod>);
  }
}
