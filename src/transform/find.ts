import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import { AsyncStars, hasPlace } from '../syntax/async-star.js';
import { isIgnoredNext } from '../syntax/comments.js';
import { isGeneratorFunction, isLeftAlone, type GeneratorFunction } from '../syntax/nodes.js';
import type { FileContext } from './context.js';

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
    Boolean(node) && (places === undefined || hasPlace(node!.start!, node!.end!, places));
  const enter = (node: t.Node, path: () => NodePath): void => {
    if (isIgnoredNext(node.leadingComments) || isLeftAlone(node)) return;
    if (isGeneratorFunction(node)) found.push(path() as NodePath<GeneratorFunction>);
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
