import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { FileContext } from './context.js';
import { keyAgain, putAt } from './expressions.js';
import { isGeneratorFunction } from './find.js';
import { freePrivateName, keyText, memberName, ownKey, writtenKey } from './names.js';
import { putNowhere } from './nowhere.js';

type ClassPath = NodePath<t.ClassMethod | t.ClassPrivateMethod>;

/** `key: fn({ async *key() {} }, 'file:1:2')` */
export function compileObjectMethod(ctx: FileContext, path: NodePath<t.ObjectMethod>): void {
  const { t } = ctx;
  const { node } = path;
  // Legacy decorators get the object that they stand in.
  if (node.decorators?.length) return;
  const location = ctx.location(node, memberName(t, node));
  if (usesSuper(ctx, path)) {
    const object = path.parentPath as NodePath<t.ObjectExpression>;
    const contested = mayBeReplaced(ctx, object.node.properties, node);
    ctx.methods.push({
      path: object,
      node: object.node,
      key: keyAgain(ctx, path),
      location,
      contested,
    });
    return;
  }
  const isProto = !node.computed && keyText(t, node.key) === '__proto__';
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

/** `true`, for the shim, where a later member may be what the program sees under the method's key. */
function mayBeReplaced<Member extends t.Node>(
  { t }: FileContext,
  members: readonly Member[],
  method: Member & (t.ObjectMethod | t.ClassMethod),
): t.BooleanLiteral | undefined {
  const key = writtenKey(t, method);
  const isContested = members.slice(members.indexOf(method) + 1).some((later) => {
    if (t.isSpreadElement(later)) return true;
    if (!t.isObjectMember(later) && !t.isClassMethod(later)) return false;
    if (t.isClassMethod(later) && later.static !== (method as t.ClassMethod).static) return false;
    const other = writtenKey(t, later);
    // Of two async generators the shim may take the one for the other.
    return other === undefined ? !isGeneratorFunction(t, later) : other === key;
  });
  return isContested ? t.booleanLiteral(true) : undefined;
}

/** `super` belongs to the object that the method was written in: such a method cannot move. */
function usesSuper({ t }: FileContext, { node: method }: NodePath<t.ObjectMethod>): boolean {
  const search = (node: t.Node): boolean => {
    if (t.isSuper(node)) return true;
    // Direct eval may say `super`, too.
    if (t.isCallExpression(node) && t.isIdentifier(node.callee, { name: 'eval' })) return true;
    if (HAS_OWN_SUPER.has(node.type)) return within(node, ['key', 'decorators']);
    return within(node, t.VISITOR_KEYS[node.type] ?? []);
  };
  const within = (node: t.Node, keys: readonly string[]): boolean =>
    keys.some((key) =>
      [(node as unknown as Record<string, t.Node | (t.Node | null)[] | null | undefined>)[key]]
        .flat()
        .some((child) => child && search(child)),
    );
  return within(method, ['params', 'body']);
}

/** What stands in them, but for a computed key, has another `super` or none. */
const HAS_OWN_SUPER = new Set<string>([
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
  'ClassProperty',
  'ClassPrivateProperty',
  'ClassAccessorProperty',
  'StaticBlock',
  'FunctionDeclaration',
  'FunctionExpression',
]);

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
  const location = ctx.location(node, memberName(t, node));
  if (t.isClassPrivateMethod(node) && !node.decorators?.length) {
    readByGetter(ctx, path as NodePath<t.ClassPrivateMethod>, location);
  } else if (isDecorated(body)) {
    node.decorators = [...(node.decorators ?? []), t.decorator(ctx.call('decorate', location))];
    ctx.refer(
      path.get(
        `decorators.${node.decorators.length - 1}.expression.callee`,
      ) as NodePath<t.Identifier>,
    );
  } else if (!t.isClassPrivateMethod(node) && !isOverridden(ctx, body, node)) {
    const self = t.thisExpression();
    const home = node.static ? self : t.memberExpression(self, t.identifier('prototype'));
    const key = keyAgain(ctx, path as NodePath<t.ClassMethod>);
    const contested = mayBeReplaced(ctx, body.node.body, node);
    const call = ctx.call('method', home, key, location, contested);
    ctx.classes.set(body, [call, ...(ctx.classes.get(body) ?? [])]);
  }
}

const isDecorated = (body: NodePath<t.ClassBody>): boolean =>
  [body.parent, ...body.node.body].some(
    (node) => ((node as { decorators?: t.Decorator[] | null }).decorators?.length ?? 0) > 0,
  );

/** Of two members with one key the later one is the member. */
function isOverridden(
  { t }: FileContext,
  body: NodePath<t.ClassBody>,
  node: t.ClassMethod,
): boolean {
  const name = writtenKey(t, node);
  return (
    name !== undefined &&
    body.node.body
      .slice(body.node.body.indexOf(node) + 1)
      .some(
        (other) =>
          t.isClassMethod(other) && other.static === node.static && writtenKey(t, other) === name,
      )
  );
}

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
  node.key = t.privateName(t.identifier(freePrivateName(ctx, path, `_${name}`)));
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
