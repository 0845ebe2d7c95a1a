import type * as t from '@babel/types';
import { boundNames, isFunction, isGeneratorFunction } from '../syntax/nodes.js';
import { isSignal, isSignalMember, isWholeModule, mayHaveSignals } from '../syntax/signal.js';
import type { FileContext } from './context.js';
import type { Path } from './path.js';
import { referencesTo } from './scopes.js';

/**
 * Finds the calls of `asyncGenSignal()`, by the generator function whose body they stand in: the
 * nearest one around, through arrow functions.
 */
export function findSignals({ code, program }: FileContext): Map<t.Node, Path<t.CallExpression>[]> {
  const found = new Map<t.Node, Path<t.CallExpression>[]>();
  if (!mayHaveSignals(code)) return found;
  const take = (callee: Path): void => {
    const { parent, parentPath } = callee;
    if (parent.type !== 'CallExpression' || parent.callee !== callee.node) return;
    const fn = ownerOf(parentPath!);
    if (fn === undefined || !isGeneratorFunction(fn)) return;
    found.set(fn, [...(found.get(fn) ?? []), parentPath as Path<t.CallExpression>]);
  };
  for (const { node, parent, name } of declarators(program.node)) {
    const isWhole = isWholeModule(node, parent);
    if (!isWhole && !isSignal(node, parent, name)) continue;
    for (const reference of referencesTo(name, program)) {
      if (!isWhole) take(reference);
      else if (isSignalMember(reference.parent)) take(reference.parentPath!);
    }
  }
  return found;
}

/** What is declared at the top by imports and variables, each with its names. */
function* declarators({ body }: t.Program) {
  for (const parent of body) {
    if (parent.type === 'ImportDeclaration')
      for (const node of parent.specifiers) yield { node, parent, name: node.local.name };
    if (parent.type === 'VariableDeclaration')
      for (const node of parent.declarations)
        for (const name of boundNames(node.id)) yield { node, parent, name };
  }
}

/**
 * The function in whose body a call stands, through arrow functions; none in parameters, which are
 * evaluated before there is a body. A key or a decorator belongs to the function around.
 */
function ownerOf(call: Path): t.Node | undefined {
  for (let at: Path = call; at.parentPath; at = at.parentPath) {
    const { parent, key } = at;
    if (!isFunction(parent) || parent.type === 'ArrowFunctionExpression') continue;
    if (key === 'key' || key === 'decorators') continue;
    return key === 'body' ? parent : undefined;
  }
  return undefined;
}
