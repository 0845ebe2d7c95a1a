import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { FileContext } from './context.js';
import { keyAgain, putAt } from './expressions.js';
import { isDecorated, isOverridden, mayBeReplaced, usesSuper } from '../syntax/members.js';
import { keyText, memberName } from '../syntax/names.js';
import { ownKey, privateName, walkWith } from './names.js';
import { putNowhere } from './nowhere.js';

type ClassPath = NodePath<t.ClassMethod | t.ClassPrivateMethod>;

/** `key: fn({ async *key() {} }, 'file:1:2')` */
export function compileObjectMethod(ctx: FileContext, path: NodePath<t.ObjectMethod>): void {
  const { t } = ctx;
  const { node } = path;
  // Legacy decorators get the object that they stand in.
  if (node.decorators?.length) return;
  const location = ctx.location(node, memberName(node));
  if (usesSuper(node, walkWith(t))) {
    const object = path.parentPath as NodePath<t.ObjectExpression>;
    const contested = contestedFlag(ctx, object.node.properties, node);
    ctx.methods.push({
      path: object,
      node: object.node,
      key: keyAgain(ctx, path),
      location,
      contested,
    });
    return;
  }
  const isProto = !node.computed && keyText(node.key) === '__proto__';
  const { key, computed } = isProto ? ownKey(t, '__proto__') : node;
  const { scope } = path;
  const call = ctx.call('fn', t.objectExpression([node]), location);
  putAt(call, node);
  const property = t.objectProperty(
    computed ? key : t.removeComments(t.cloneNode(key)),
    call,
    computed,
  );
  t.inheritsComments(property, node);
  t.removeComments(node);
  path.replaceWith(property);
  // The method has the key that has been evaluated by then.
  if (node.computed)
    node.key = keyAgain(ctx, path as NodePath<t.Node> as NodePath<t.ObjectProperty>);
  ctx.referCall(path.get('value') as NodePath<t.Node>, scope);
}

/**
 * | method               | becomes                                                             |
 * |----------------------|---------------------------------------------------------------------|
 * | public               | itself; a static field swaps the visible function in                |
 * | private              | itself, renamed; a getter of its name gives the visible function    |
 * | in a decorated class | itself, with a decorator of ours innermost: the user's decorators see the visible function; a private one only if it is decorated itself |
 */
export function compileClassMethod(ctx: FileContext, path: ClassPath): void {
  const { t } = ctx;
  const { node } = path;
  const body = path.parentPath as NodePath<t.ClassBody>;
  const location = ctx.location(node, memberName(node));
  if (t.isClassPrivateMethod(node) && !node.decorators?.length) {
    readByGetter(ctx, path as NodePath<t.ClassPrivateMethod>, location);
  } else if (isDecorated(body.parent, body.node)) {
    node.decorators = [...(node.decorators ?? []), t.decorator(ctx.call('decorate', location))];
    ctx.refer(
      path.get(
        `decorators.${node.decorators.length - 1}.expression.callee`,
      ) as NodePath<t.Identifier>,
    );
  } else if (!t.isClassPrivateMethod(node) && !isOverridden(body.node, node)) {
    const self = t.thisExpression();
    const home = node.static ? self : t.memberExpression(self, t.identifier('prototype'));
    const key = keyAgain(ctx, path as NodePath<t.ClassMethod>);
    const contested = contestedFlag(ctx, body.node.body, node);
    const call = ctx.call('method', home, key, location, contested);
    ctx.classes.set(body, [call, ...(ctx.classes.get(body) ?? [])]);
  }
}

/** `true`, for the shim, where a later member may be what the program sees under the method's key. */
const contestedFlag = (
  { t }: FileContext,
  members: readonly t.Node[],
  method: t.ObjectMethod | t.ClassMethod,
): t.BooleanLiteral | undefined =>
  mayBeReplaced(members, method) ? t.booleanLiteral(true) : undefined;

/**
 *     async *#_items() {}
 *     get #items() { return same(this.#_items, 'file:1:2', '#items'); }
 *
 * A private method cannot be replaced. `#items in object`, a call and the TypeError of an
 * assignment stay as they are.
 */
function readByGetter(
  ctx: FileContext,
  path: NodePath<t.ClassPrivateMethod>,
  location: t.StringLiteral | undefined,
): void {
  const { t } = ctx;
  const { node } = path;
  const visible = node.key;
  const { name } = visible.id;
  node.key = t.privateName(t.identifier(privateName(ctx, path, `_${name}`)));
  const inner = t.memberExpression(t.thisExpression(), t.cloneNode(node.key));
  const call = ctx.call('same', inner, location, ctx.string(`#${name}`));
  const getter = t.classPrivateMethod(
    'get',
    visible,
    [],
    putNowhere(t.blockStatement([t.returnStatement(call)])),
    node.static,
  );
  ctx.getters.push({ path, getter });
}
