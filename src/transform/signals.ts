import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import { isGeneratorFunction } from '../syntax/nodes.js';
import { isSignal, isSignalMember, isWholeModule, mayHaveSignals } from '../syntax/signal.js';
import type { FileContext } from './context.js';

/**
 * Finds the calls of `asyncGenSignal()`, by the generator function whose body they stand in: the
 * nearest one around, through arrow functions.
 */
export function findSignals(ctx: FileContext): Map<t.Node, NodePath<t.Node>[]> {
  const { program, code } = ctx;
  const found = new Map<t.Node, NodePath<t.Node>[]>();
  if (code !== undefined && !mayHaveSignals(code)) return found;
  for (const call of calls(ctx)) {
    const fn = ownerOf(call);
    if (fn === null || !isGeneratorFunction(fn.node)) continue;
    found.set(fn.node, [...(found.get(fn.node) ?? []), call]);
  }
  return found;

  /**
   * The function in whose body `call` stands, through arrow functions; `null` in parameters, which
   * are evaluated before there is a body. A key or a decorator belongs to the function around.
   */
  function ownerOf(call: NodePath<t.Node>): NodePath<t.Node> | null {
    for (let at = call; at.parentPath; at = at.parentPath) {
      const outer = at.parentPath;
      if (!outer.isFunction() || outer.isArrowFunctionExpression()) continue;
      if (at.key === 'key' || at.listKey === 'decorators') continue;
      return at.key === 'body' ? outer : null;
    }
    return null;
  }

  function* calls({ t }: FileContext): Generator<NodePath<t.Node>> {
    for (const { path, identifier, referencePaths } of Object.values(program.scope.bindings)) {
      const isWhole = isWholeModule(path.node, path.parent);
      if (!isWhole && !isSignal(path.node, path.parent, identifier.name)) continue;
      for (const reference of referencePaths) {
        const callee = isWhole ? reference.parentPath! : reference;
        if (isWhole && !isSignalMember(callee.node)) continue;
        const { parent, parentPath } = callee;
        if (t.isCallExpression(parent) && parent.callee === callee.node) yield parentPath!;
      }
    }
  }
}
