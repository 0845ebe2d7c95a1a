import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { FileContext } from './context.js';
import { isGeneratorFunction } from './find.js';

/** The module whose `asyncGenSignal` is meant. */
const MODULE = 'asyncgen-hooks';
const NAME = 'asyncGenSignal';

/**
 * Finds the calls of `asyncGenSignal()`, by the generator function whose body they stand in: the
 * nearest one around, through arrow functions.
 */
export function findSignals(ctx: FileContext): Map<t.Node, NodePath<t.Node>[]> {
  const { t, program, code } = ctx;
  const found = new Map<t.Node, NodePath<t.Node>[]>();
  if (code !== undefined && !code.includes(NAME)) return found;
  for (const call of calls(ctx)) {
    const fn = ownerOf(call);
    if (fn === null || !isGeneratorFunction(t, fn.node)) continue;
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
    for (const binding of Object.values(program.scope.bindings)) {
      const isWhole = isModule(binding.path);
      if (!isWhole && !isMember(binding.path, binding.identifier.name)) continue;
      for (const reference of binding.referencePaths) {
        const callee = isWhole ? reference.parentPath! : reference;
        if (isWhole && !t.isMemberExpression(callee.node)) continue;
        if (
          isWhole &&
          !t.isIdentifier((callee.node as t.MemberExpression).property, { name: NAME })
        )
          continue;
        const { parent, parentPath } = callee;
        if (t.isCallExpression(parent) && parent.callee === callee.node) yield parentPath!;
      }
    }
  }

  /** `import * as hooks`, `const hooks = require()` */
  function isModule(path: NodePath<t.Node>): boolean {
    if (t.isImportNamespaceSpecifier(path.node)) return isOurs(path.parent);
    return (
      t.isVariableDeclarator(path.node) && t.isIdentifier(path.node.id) && isRequire(path.node.init)
    );
  }

  /** `import { asyncGenSignal as signal }`, `const { asyncGenSignal: signal } = require()` */
  function isMember(path: NodePath<t.Node>, name: string): boolean {
    const { node } = path;
    if (t.isImportSpecifier(node))
      return t.isIdentifier(node.imported, { name: NAME }) && isOurs(path.parent);
    return (
      t.isVariableDeclarator(node) &&
      isRequire(node.init) &&
      t.isObjectPattern(node.id) &&
      node.id.properties.some(
        (property) =>
          t.isObjectProperty(property) &&
          t.isIdentifier(property.key, { name: NAME }) &&
          t.isIdentifier(property.value, { name }),
      )
    );
  }

  function isOurs(node: t.Node): boolean {
    return t.isImportDeclaration(node) && node.source.value === MODULE;
  }

  function isRequire(node: t.Node | null | undefined): boolean {
    return (
      t.isCallExpression(node) &&
      t.isIdentifier(node.callee, { name: 'require' }) &&
      t.isStringLiteral(node.arguments[0], { value: MODULE })
    );
  }
}
