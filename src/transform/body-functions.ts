import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { FileContext } from './context.js';
import { functionsDeclaredTwice } from '../syntax/bodies.js';
import type { GeneratorFunction } from '../syntax/nodes.js';
import { walkWith } from './names.js';
import { adopt } from './scopes.js';

/** They become `var f = function () {}`, in front of all else. */
export function functionsToVariables(
  ctx: FileContext,
  path: NodePath<GeneratorFunction>,
  body: NodePath<t.BlockStatement>,
): void {
  const { t } = ctx;
  const isSloppy = !ctx.isModule && !path.isInStrictMode();
  const twice = new Set<t.Node>(functionsDeclaredTwice(path.node, isSloppy, walkWith(t)));
  if (twice.size === 0) return;
  const paths = body.get('body').filter(({ node }) => twice.has(node));
  for (const from of (paths as NodePath<t.FunctionDeclaration>[]).reverse()) {
    const { node } = from;
    const id = node.id!;
    const binding = path.scope.getOwnBinding(id.name);
    const { scope } = from;
    // Babel takes the names of the parameters out, too.
    const own = { ...scope.bindings };
    const statement = t.variableDeclaration('var', []);
    t.inheritsComments(statement, node);
    t.removeComments(node);
    from.remove();
    node.id = null;
    statement.declarations.push(t.variableDeclarator(id, t.toExpression(node)));
    const [placed] = body.unshiftContainer('body', statement) as [NodePath];
    const declarator = placed.get('declarations.0') as NodePath<t.VariableDeclarator>;
    adopt(t, scope, { parentPath: declarator, container: declarator.node, key: 'init' });
    Object.assign(scope.bindings, own);
    if (!binding) continue;
    path.scope.bindings[id.name] = binding;
    const others = [binding.path, ...binding.constantViolations].filter((each) => each !== from);
    // But for a parameter, it stands in front of all other declarations of the name.
    const isParam = binding.kind === 'param';
    if (isParam) others.splice(0, 1, declarator);
    else Object.assign(binding, { path: declarator, identifier: id, kind: 'var' });
    binding.constantViolations = [...new Set(others)];
    binding.constant = others.length === 0;
  }
}
