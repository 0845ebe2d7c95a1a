import type * as t from '@babel/types';
import { hasPlace } from '../syntax/async-star.js';
import { isFunction } from '../syntax/nodes.js';
import { findBodies, type Body, type Places } from './brackets.js';
import { walk } from './path.js';

export interface Short {
  readonly text: string;
  readonly bodies: readonly Body[];
}

/**
 * Most of a file's time goes into parsing functions that have no async generator, by a parser that
 * has just been loaded and is slow. What stands in such a function changes nothing that the engine
 * puts into the text, so its body becomes one comment: all places stay as they are.
 *
 * @returns `undefined` where nothing is to be left out, or nobody can tell without a parser.
 */
export function shorten(code: string, places: Places, isTyped: boolean): Short | undefined {
  const bodies = findBodies(code, places, isTyped);
  if (bodies === undefined || bodies.length === 0) return undefined;
  let text = '';
  let at = 0;
  for (const { first, last } of bodies) {
    const inside = code.slice(first + 2, last - 2).replaceAll('*/', '* ');
    text += `${code.slice(at, first)}/*${inside}*/`;
    at = last;
  }
  return { text: text + code.slice(at), bodies };
}

/**
 * Whether each body that was left out is a function's body in the tree of the shorter text, and
 * empty. Where one is not, its braces were taken for what they are not.
 */
export function isShortened({ bodies }: Short, program: t.Program): boolean {
  const ends = new Map(bodies.map(({ start, end }) => [start, end]));
  const starts = [...ends.keys()];
  const nodes: t.Node[] = [program];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    if (!hasPlace(node.start!, node.end!, starts)) continue;
    if (isFunction(node) && node.body.end === ends.get(node.body.start!)) {
      const { body } = node;
      if (body.type === 'BlockStatement' && body.body.length + body.directives.length === 0)
        ends.delete(body.start!);
    }
    for (const child of walk(node)) nodes.push(child);
  }
  return ends.size === 0;
}
