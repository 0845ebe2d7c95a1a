import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { FileContext } from './context.js';
import { calledOnTheSpot, inferName, isOutsideBmp, withoutTypes } from '../syntax/names.js';
import { ownKey } from './names.js';
import { showToItself } from './own-name.js';
import { wrapExpression } from './scopes.js';

type FunctionPath = NodePath<t.FunctionExpression>;

/** `{ name: value }`: gives an anonymous function its name, and no binding of that name. */
function hold(ctx: FileContext, name: string, value: t.Expression): t.ObjectExpression {
  const { key, computed } = ownKey(ctx.t, name);
  return ctx.t.objectExpression([ctx.t.objectProperty(key, value, computed)]);
}

/** `fn({ name: value }, location)`, the call that makes a visible function of an anonymous one. */
export function named(
  ctx: FileContext,
  name: string,
  value: t.FunctionExpression,
  location: t.StringLiteral | undefined,
): t.CallExpression {
  if (isOutsideBmp(name)) return ctx.call('same', value, location, ctx.string(name));
  return ctx.call('fn', hold(ctx, name, value), location);
}

export function compileExpression(ctx: FileContext, path: FunctionPath): void {
  const showsItself = showToItself(ctx, path);
  if (!showsItself && compileCalled(ctx, path)) return;
  const { node } = path;
  if (node.id) {
    const location = ctx.location(node, node.id.name);
    place(ctx, path, ctx.call(showsItself ? 'same' : 'fn', node, location));
    return;
  }
  const name = inferName(path);
  const location = ctx.location(node, name);
  if (name === undefined && compileComputed(ctx, path)) return;
  const call =
    name === undefined ? ctx.call('fn', node, location) : named(ctx, name, node, location);
  place(ctx, path, call);
}

/** A call in the place of an expression: a statement of its own to coverage tools, if that was one. */
export function putAt(call: t.CallExpression, { loc }: t.Node): void {
  call.loc = loc;
  call.callee.loc = undefined;
}

function place(ctx: FileContext, path: FunctionPath, call: t.CallExpression): void {
  const { node, scope } = path;
  putAt(call, node);
  path.replaceWith(call);
  // They look for their hints at the function itself. Babel prints a comment once.
  node.leadingComments = call.leadingComments;
  ctx.referCall(path, scope);
}

/** `(async function* () {})()` */
function compileCalled(ctx: FileContext, path: FunctionPath): boolean {
  const called = calledOnTheSpot<NodePath<t.Node>>(path);
  if (called === undefined) return false;
  const node = called.node as t.CallExpression;
  const call = ctx.call('call', node, ctx.location(path.node, path.node.id?.name ?? ''));
  putAt(call, node);
  wrapExpression(ctx.t, called, call, 'arguments.0');
  ctx.refer(called.get('callee') as NodePath<t.Identifier>);
  return true;
}

/** A function whose name is a key that only run time knows. */
function compileComputed(ctx: FileContext, path: FunctionPath): boolean {
  const { t } = ctx;
  const value = withoutTypes<NodePath<t.Node>>(path);
  const property = value.parentPath!;
  const { node } = property;
  const isNamed =
    t.isObjectProperty(node) || t.isClassProperty(node) || t.isClassAccessorProperty(node);
  if (!isNamed || !node.computed || node.value !== value.node) return false;
  const key = keyAgain(ctx, property as NodePath<t.ObjectProperty | t.ClassProperty>);
  const holder = ctx.t.objectExpression([t.objectProperty(key, path.node, true)]);
  place(ctx, path, ctx.call('fn', holder, ctx.location(path.node, undefined)));
  return true;
}

/**
 * An expression that gives the key of a member a second time and has no effect. Where the key is
 * computed, its value is kept in a variable of the scope around.
 */
export function keyAgain(
  ctx: FileContext,
  path: NodePath<t.ObjectProperty | t.ClassProperty | t.ClassMethod | t.ObjectMethod>,
): t.Expression {
  const { t } = ctx;
  const { key: node, computed } = path.node;
  if (!computed && t.isIdentifier(node)) return t.stringLiteral(node.name);
  if (t.isLiteral(node) && !t.isTemplateLiteral(node)) return t.cloneNode(node);
  const isSymbol =
    t.isMemberExpression(node) &&
    !node.computed &&
    t.isIdentifier(node.object, { name: 'Symbol' }) &&
    !path.scope.hasBinding('Symbol', true);
  if (isSymbol) return t.cloneNode(node);

  const id = ctx.keyId();
  const scope = scopeForVariable(path);
  // At the top level a circular importer may be here before the module's body.
  scope.push({ id: t.cloneNode(id), kind: scope.path.isProgram() ? 'var' : 'let' });
  const key = path.get('key') as NodePath<t.Expression>;
  const assignment = t.assignmentExpression('=', t.cloneNode(id), ctx.call('key', key.node));
  wrapExpression(t, key, assignment, 'right.arguments.0');
  ctx.refer(key.get('right.callee') as NodePath<t.Identifier>);
  scope.registerConstantViolation(key);
  return t.cloneNode(id);
}

/**
 * The nearest scope whose variables all of an expression sees: that of the statements around it.
 * `scope.push` by itself puts a variable into the body of a loop or function, where the head and
 * the parameters do not see it.
 */
function scopeForVariable(path: NodePath<t.Node>): NodePath['scope'] {
  const statement = path.findParent(
    ({ listKey, key, parentPath }) =>
      (listKey === 'body' && !parentPath!.isClassBody()) ||
      (key === 'body' && parentPath!.isArrowFunctionExpression()),
  )!;
  return statement.parentPath!.scope;
}
