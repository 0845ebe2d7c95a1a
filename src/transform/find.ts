import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import { AsyncStars } from './async-star.js';
import type { FileContext } from './context.js';

/** A generator function as the source has it: a declaration, an expression or a method. */
export type GeneratorFunction =
  | t.FunctionDeclaration
  | t.FunctionExpression
  | t.ObjectMethod
  | t.ClassMethod
  | t.ClassPrivateMethod;

/**
 * Matches the text of every file that has an async generator function, and some others: it does
 * not look behind comments, and so takes linear time on any text.
 */
export const ASYNC_STAR = /\basync\s*(?:function\s*)?[*/]/;
const IGNORE = /^\s*asyncgen-hooks\s+ignore\s+(next|file)\b/;

/** A cheap test of the text: without this nothing has to be looked at. */
export const mayHaveGenerators = (code: string): boolean =>
  ASYNC_STAR.test(code) && !new AsyncStars(code).places().next().done;

/** Whether a comment in the file asks to leave all of it alone. */
export const isIgnoredFile = (comments: readonly t.Comment[] | null | undefined): boolean =>
  comments?.some((comment) => IGNORE.exec(comment.value)?.[1] === 'file') ?? false;

const isIgnored = (node: t.Node): boolean =>
  node.leadingComments?.some((comment) => IGNORE.exec(comment.value)?.[1] === 'next') ?? false;

/**
 * `Object.getPrototypeOf(async function* () {})` asks for an intrinsic, and nobody calls the
 * function. The shim asks so, and has to get the real one when it is compiled, too.
 */
const isIntrinsicLookup = (t: FileContext['t'], node: t.CallExpression): boolean =>
  t.isFunctionExpression(node.arguments[0]) &&
  t.matchesPattern(node.callee, 'Object.getPrototypeOf');

/** Vitest lifts it above all imports, where the runtime is not there yet. */
const isLifted = (t: FileContext['t'], { callee }: t.CallExpression): boolean =>
  t.matchesPattern(callee, 'vi.hoisted') || t.matchesPattern(callee, 'vitest.hoisted');

export const isGeneratorFunction = (t: FileContext['t'], node: t.Node): boolean =>
  'async' in node && node.async === true && t.isFunction(node, { generator: true });

/**
 * Finds the async generator functions of a file, outer before inner, earlier before later.
 *
 * It walks the plain nodes: `path.traverse` would make a NodePath for each of them, which alone
 * costs more than all else that the plugin does. And it walks to the places where the text has
 * one; only where these do not account for each other (a comment has one, or the tree is not of
 * this text any more) it walks all.
 */
export function findGenerators(ctx: FileContext): NodePath<GeneratorFunction>[] {
  if (ctx.code === undefined) return walk(ctx, undefined);
  const places = [...new AsyncStars(ctx.code).places()];
  const found = walk(ctx, places);
  return found.length === places.length ? found : walk(ctx, undefined);
}

function walk(
  { t, program }: FileContext,
  places: number[] | undefined,
): NodePath<GeneratorFunction>[] {
  const { VISITOR_KEYS } = t;
  const found: NodePath<GeneratorFunction>[] = [];
  const isNear = (node: t.Node | null | undefined): node is t.Node =>
    Boolean(node) && (places === undefined || hasPlace(node!, places));
  const enter = (node: t.Node, path: () => NodePath): void => {
    if (node.leadingComments && isIgnored(node)) return;
    if (node.type === 'CallExpression' && (isIntrinsicLookup(t, node) || isLifted(t, node))) return;
    if (isGeneratorFunction(t, node)) found.push(path() as NodePath<GeneratorFunction>);
    for (const key of VISITOR_KEYS[node.type] ?? []) {
      const child = (node as unknown as Record<string, t.Node | (t.Node | null)[] | null>)[key];
      if (!Array.isArray(child)) {
        if (isNear(child)) enter(child, () => path().get(key) as NodePath);
        continue;
      }
      const below = once(() => path().get(key) as NodePath[]);
      child.forEach((element, i) => isNear(element) && enter(element, () => below()[i]!));
    }
  };
  enter(program.node, () => program);
  return found;
}

/** Babel's paths are made on the way to what was found, and once for a list with many. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** Whether a place, of those in ascending order, lies in the node. A bundle may have thousands. */
function hasPlace({ start, end }: t.Node, places: number[]): boolean {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]! < start!) low = middle + 1;
    else high = middle;
  }
  return low < places.length && places[low]! < end!;
}

/** Whether the file imports the shim already: it was compiled before. */
export function isCompiled({ t, program, options }: FileContext): boolean {
  const isSource = (node: t.Node | null | undefined): boolean =>
    t.isStringLiteral(node, { value: options.importSource });
  return program.node.body.some((statement) => {
    if (t.isImportDeclaration(statement)) return isSource(statement.source);
    if (!t.isVariableDeclaration(statement)) return false;
    return statement.declarations.some(
      ({ init }) =>
        t.isCallExpression(init) &&
        (t.isIdentifier(init.callee, { name: 'require' }) ||
          t.matchesPattern(init.callee, 'module.require')) &&
        isSource(init.arguments[0]),
    );
  });
}
