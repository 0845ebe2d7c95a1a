import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { FileContext } from './context.js';
import type { GeneratorFunction } from './find.js';
import { adopt } from './scopes.js';

/**
 * The body of a generator function will stand in a block (see `tellLife`), where a function
 * declaration has a scope of its own. That is as good as before, unless its name is declared a
 * second time:
 *
 * | second declaration                           | in a block                                     |
 * |----------------------------------------------|------------------------------------------------|
 * | another function                             | a SyntaxError, unless both are sloppy and plain|
 * | a `var`, anywhere in the body                | a SyntaxError                                  |
 * | a parameter                                  | another variable than the parameter            |
 * | a function in a block inside, in sloppy code | would no longer assign the outer one           |
 * | maybe one of a direct `eval`, in sloppy code | a SyntaxError there                            |
 *
 * Those become `var f = function () {}`, in front of all else.
 */
export function functionsToVariables(
  ctx: FileContext,
  path: NodePath<GeneratorFunction>,
  body: NodePath<t.BlockStatement>,
): void {
  const { t } = ctx;
  const own = body.node.body.filter((node) => t.isFunctionDeclaration(node));
  if (own.length === 0) return;
  const isSloppy = !ctx.isModule && !path.isInStrictMode();
  const others = declaredNames(ctx, path.node, isSloppy);
  const isTwice = ({ id }: t.FunctionDeclaration): boolean =>
    others === 'all' ||
    others.has(id!.name) ||
    own.some((other) => other.id !== id && other.id!.name === id!.name);
  const twice = new Set<t.Node>(own.filter(isTwice));
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

/** The names that the function declares beside those of the functions right in its body. */
function declaredNames(
  { t }: FileContext,
  fn: GeneratorFunction,
  isSloppy: boolean,
): Set<string> | 'all' {
  const names = new Set(
    fn.params.flatMap((param) => Object.keys(t.getBindingIdentifiers(param as t.LVal))),
  );
  let hasEval = false;
  const visit = (node: t.Node, isTop: boolean): void => {
    if (t.isVariableDeclaration(node, { kind: 'var' }))
      for (const name of Object.keys(t.getBindingIdentifiers(node))) names.add(name);
    if (t.isFunctionDeclaration(node)) {
      if (isSloppy && !isTop && node.id) names.add(node.id.name);
      return;
    }
    if (isSloppy && t.isCallExpression(node) && t.isIdentifier(node.callee, { name: 'eval' }))
      hasEval = true;
    if (t.isFunction(node) && !t.isArrowFunctionExpression(node)) return;
    for (const key of t.VISITOR_KEYS[node.type] ?? []) {
      const child = (node as unknown as Record<string, t.Node | (t.Node | null)[] | null>)[key];
      for (const each of [child].flat()) if (each) visit(each, false);
    }
  };
  for (const statement of fn.body.body) visit(statement, true);
  return hasEval ? 'all' : names;
}
