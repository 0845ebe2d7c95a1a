import { AsyncStars, hasPlace } from '../syntax/async-star.js';
import { isIgnoredNext } from '../syntax/comments.js';
import { isGeneratorFunction, isLeftAlone, type GeneratorFunction } from '../syntax/nodes.js';
import type { FileContext } from './context.js';
import { forEachChild, type Path } from './path.js';

/**
 * Finds the async generator functions of a file, outer before inner, earlier before later. It walks
 * to the places where the text has one; only where these do not account for each other (a comment
 * has one) it walks all.
 */
export function findGenerators({ code, program }: FileContext): Path<GeneratorFunction>[] {
  const places = [...new AsyncStars(code).places()];
  const found = walkTo(program, places);
  return found.length === places.length ? found : walkTo(program, undefined);
}

function walkTo(program: Path, places: number[] | undefined): Path<GeneratorFunction>[] {
  const found: Path<GeneratorFunction>[] = [];
  const enter = (path: Path): void => {
    const { node } = path;
    if (places && !hasPlace(node.start!, node.end!, places)) return;
    if (isIgnoredNext(node.leadingComments) || isLeftAlone(node)) return;
    if (isGeneratorFunction(node)) found.push(path as Path<GeneratorFunction>);
    forEachChild(path, enter);
  };
  enter(program);
  // A tree lists some things in another order than the text: decorators, what follows a `do`.
  return found.sort((a, b) => a.node.start! - b.node.start! || b.node.end! - a.node.end!);
}
