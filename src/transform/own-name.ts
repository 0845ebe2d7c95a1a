import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { FileContext } from './context.js';
import { renameReference, wrapExpression } from './scopes.js';

type FunctionPath = NodePath<t.FunctionExpression>;
type Reference = NodePath<t.Node>;

/**
 * Inside a function expression its own name is the inner function. Lets each place that reads it
 * see the visible one: `same(self)`.
 * @returns whether there is such a place.
 */
export function showToItself(ctx: FileContext, path: FunctionPath): boolean {
  const references = selfReferences(path).filter((reference) => isRead(ctx, reference));
  const tags = references.filter((reference) => reference.isJSXIdentifier());
  for (const reference of references) {
    if (reference.isJSXIdentifier()) continue;
    const call = ctx.call('same', reference.node as t.Identifier);
    // Printers may trust it.
    if (ctx.t.isObjectProperty(reference.parent)) reference.parent.shorthand = false;
    wrapExpression(ctx.t, reference, call, 'arguments.0');
    ctx.refer(reference.get('callee') as NodePath<t.Identifier>);
  }
  if (tags.length > 0) renameTags(ctx, path, tags as NodePath<t.JSXIdentifier>[]);
  return references.length > 0;
}

/** Babel keeps one binding for the name and for what the body declares under it. */
function selfReferences(path: FunctionPath): Reference[] {
  const own = path.node.id ? path.scope.getOwnBinding(path.node.id.name) : undefined;
  if (own?.kind !== 'local') return [];
  const isRedeclared = own.constantViolations.some(
    (violation) => violation.isVariableDeclarator() || violation.isDeclaration(),
  );
  if (!isRedeclared) return own.referencePaths;
  return own.referencePaths.filter(
    (reference) => reference.find((outer) => outer.parentPath === path)!.listKey === 'params',
  );
}

/** Not where the name is assigned (that fails or does nothing), deleted, or part of a type. */
function isRead({ t }: FileContext, { node, parent }: Reference): boolean {
  if (t.isUpdateExpression(parent) || t.isUnaryExpression(parent, { operator: 'delete' })) {
    return false;
  }
  if (t.isForXStatement(parent)) return parent.left !== node;
  return t.isExpression(parent) || !(t.isTypeScript(parent) || t.isFlow(parent));
}

/**
 *     const _Self = same(Self);
 *
 * A tag is a name and cannot be a call.
 */
function renameTags(ctx: FileContext, path: FunctionPath, tags: NodePath<t.JSXIdentifier>[]): void {
  const { t } = ctx;
  const { name } = path.node.id!;
  const id = ctx.uid(name);
  const body = path.get('body');
  const inBody = tags.filter((tag) => tag.findParent((outer) => outer === body));
  if (inBody.length === 0) return;
  for (const tag of inBody) renameReference(t, tag, id.name);
  const call = ctx.call('same', t.identifier(name));
  const [placed] = body.unshiftContainer(
    'body',
    t.variableDeclaration('const', [t.variableDeclarator(id, call)]),
  );
  body.scope.registerDeclaration(placed!);
  const visible = body.scope.getBinding(id.name)!;
  const inner = path.scope.getOwnBinding(name)!;
  inner.referencePaths = inner.referencePaths.filter(
    (each) => !inBody.includes(each as NodePath<t.JSXIdentifier>),
  );
  for (const tag of inBody) {
    inner.dereference();
    visible.reference(tag);
  }
  ctx.refer(placed!.get('declarations.0.init') as NodePath<t.Node>);
}
