import type { NodePath, types as t } from '@babel/core';
import type { FileContext } from './context.js';
import { inferName, ownKey, withoutTypes } from './names.js';

type FunctionPath = NodePath<t.FunctionExpression>;

/** `{ name: value }`: gives an anonymous function its name, and no binding of that name. */
export function hold(ctx: FileContext, name: string, value: t.Expression): t.ObjectExpression {
  const { key, computed } = ownKey(ctx.t, name);
  return ctx.t.objectExpression([ctx.t.objectProperty(key, value, computed)]);
}

export function compileExpression(ctx: FileContext, path: FunctionPath): void {
  const own = path.node.id ? path.scope.getOwnBinding(path.node.id.name) : undefined;
  const selfReferences = own?.kind === 'local' ? own.referencePaths : [];
  if (selfReferences.length === 0 && compileCalled(ctx, path)) return;
  for (const reference of selfReferences) {
    // Inside, the name is the inner function; what the program sees of it is the visible one.
    reference.replaceWith(ctx.call('same', reference.node as t.Identifier));
    ctx.refer(reference.get('callee') as NodePath<t.Identifier>);
  }
  const { node } = path;
  const location = ctx.location(node);
  if (node.id) {
    place(ctx, path, ctx.call(selfReferences.length > 0 ? 'same' : 'fn', node, location));
    return;
  }
  const name = inferName(ctx.t, path);
  if (name === undefined && compileComputed(ctx, path)) return;
  place(ctx, path, ctx.call('fn', name === undefined ? node : hold(ctx, name, node), location));
}

function place(ctx: FileContext, path: NodePath<t.Node>, call: t.CallExpression): void {
  path.replaceWith(call);
  ctx.refer(path.get('callee') as NodePath<t.Identifier>);
}

/** `(async function* () {})()`, also by `.call()` and `.apply()`: nobody sees the function. */
function compileCalled(ctx: FileContext, path: FunctionPath): boolean {
  const { t } = ctx;
  const callee = calleeOf(ctx, path);
  if (!t.isCallExpression(callee.parent) || callee.parent.callee !== callee.node) return false;
  const { id } = path.node;
  place(
    ctx,
    callee.parentPath!,
    ctx.call(
      'call',
      callee.parent,
      ctx.location(path.node),
      id ? t.stringLiteral(id.name) : undefined,
    ),
  );
  return true;
}

function calleeOf({ t }: FileContext, path: FunctionPath): NodePath<t.Node> {
  const fn = withoutTypes(t, path);
  const { parent } = fn;
  if (!t.isMemberExpression(parent) || parent.computed || parent.object !== fn.node) return fn;
  const through =
    t.isIdentifier(parent.property, { name: 'call' }) ||
    t.isIdentifier(parent.property, { name: 'apply' });
  return through ? fn.parentPath! : fn;
}

/** A function whose name is a key that only run time knows. */
function compileComputed(ctx: FileContext, path: FunctionPath): boolean {
  const { t } = ctx;
  const value = withoutTypes(t, path);
  const property = value.parentPath!;
  const { node } = property;
  const isField = t.isClassProperty(node) || t.isClassAccessorProperty(node);
  if (!isField && !t.isObjectProperty(node)) return false;
  if (!node.computed || node.value !== value.node) return false;
  const location = ctx.location(path.node);
  if (t.isObjectProperty(node)) {
    spreadMember(ctx, property as NodePath<t.ObjectProperty>, location);
    return true;
  }
  const id = keepKey(ctx, property as NodePath<t.ClassProperty>);
  const holder = t.objectExpression([t.objectProperty(id, path.node, true)]);
  place(ctx, path, ctx.call('fn', holder, location));
  return true;
}

/**
 * `...member({ [key]() {} })`: the key is evaluated once, in its turn, and what stands before and
 * behind in the literal still wins or loses as it did.
 */
export function spreadMember(
  ctx: FileContext,
  path: NodePath<t.ObjectProperty | t.ObjectMethod>,
  location: t.StringLiteral | undefined,
): void {
  const { t } = ctx;
  const { node } = path;
  path.replaceWith(t.spreadElement(ctx.call('member', t.objectExpression([node]), location)));
  ctx.refer(path.get('argument.callee') as NodePath<t.Identifier>);
}

/** Keeps the value of a computed key in a variable of the scope around, so that it can be used again. */
export function keepKey(
  ctx: FileContext,
  path: NodePath<t.ClassProperty | t.ClassMethod | t.ObjectMethod>,
): t.Identifier {
  const { t } = ctx;
  const id = ctx.uid('key');
  const owner = path.findParent((parent) => parent.isClass() || parent.isObjectExpression())!;
  const scope = owner.isClass() ? owner.scope.parent : owner.scope;
  scope.push({ id: t.cloneNode(id), kind: 'let' });
  const key = path.get('key') as NodePath<t.Expression>;
  key.replaceWith(t.assignmentExpression('=', t.cloneNode(id), ctx.call('key', key.node)));
  ctx.refer(key.get('right.callee') as NodePath<t.Identifier>);
  return t.cloneNode(id);
}
