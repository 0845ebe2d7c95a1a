import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';

export type BabelTypes = typeof t;

/** The expression around `path` once type annotations are gone: `f` of `f as T`, `f!`, `(f)`. */
export function withoutTypes(t: BabelTypes, path: NodePath<t.Node>): NodePath<t.Node> {
  let outer = path;
  while (
    t.isTSAsExpression(outer.parent) ||
    t.isTSSatisfiesExpression(outer.parent) ||
    t.isTSNonNullExpression(outer.parent) ||
    t.isTSTypeAssertion(outer.parent) ||
    t.isTSInstantiationExpression(outer.parent) ||
    t.isTypeCastExpression(outer.parent) ||
    t.isParenthesizedExpression(outer.parent)
  ) {
    outer = outer.parentPath!;
  }
  return outer;
}

/**
 * The name that an anonymous function gets from its place, or `undefined` where it gets none or
 * one that only run time knows.
 *
 * Source: NamedEvaluation, https://tc39.es/ecma262/#sec-runtime-semantics-namedevaluation
 */
export function inferName(t: BabelTypes, path: NodePath<t.Node>): string | undefined {
  const { node, parent } = withoutTypes(t, path);
  if (t.isExportDefaultDeclaration(parent)) return 'default';
  if (t.isVariableDeclarator(parent)) return t.isIdentifier(parent.id) ? parent.id.name : undefined;
  if (t.isAssignmentExpression(parent)) {
    const names = ['=', '&&=', '||=', '??='].includes(parent.operator);
    return names && parent.right === node ? targetName(t, parent.left) : undefined;
  }
  if (t.isAssignmentPattern(parent)) {
    return parent.right === node ? targetName(t, parent.left) : undefined;
  }
  if (t.isClassPrivateProperty(parent)) return `#${parent.key.id.name}`;
  if (t.isClassAccessorProperty(parent) && t.isPrivateName(parent.key)) {
    return `#${parent.key.id.name}`;
  }
  if (
    t.isObjectProperty(parent) ||
    t.isClassProperty(parent) ||
    t.isClassAccessorProperty(parent)
  ) {
    if (parent.computed || parent.value !== node) return undefined;
    const name = keyText(t, parent.key);
    return t.isObjectProperty(parent) && name === '__proto__' ? undefined : name;
  }
  return undefined;
}

/** The name that is assigned: `x` and `x!` give theirs, `(x)` and `(x as T)` give none. */
function targetName(t: BabelTypes, target: t.Node): string | undefined {
  if (target.extra?.parenthesized) return undefined;
  if (t.isTSNonNullExpression(target)) return targetName(t, target.expression);
  return t.isIdentifier(target) ? target.name : undefined;
}

/** What a key that is written out says: `a`, `'a'`, `1`, `1n`. */
export function keyText(t: BabelTypes, key: t.Node): string | undefined {
  if (t.isIdentifier(key)) return key.name;
  if (t.isStringLiteral(key)) return key.value;
  if (t.isNumericLiteral(key)) return String(key.value);
  if (t.isBigIntLiteral(key)) return String(BigInt(key.value));
  return undefined;
}

/** The name of a method, where the source says it. */
export function memberName(
  t: BabelTypes,
  node: t.ObjectMethod | t.ClassMethod | t.ClassPrivateMethod,
): string | undefined {
  if (t.isClassPrivateMethod(node)) return `#${node.key.id.name}`;
  return node.computed ? undefined : keyText(t, node.key);
}

/** The key of a member where the source says it: `a`, `'a'`, `['a']`, `[Symbol.a]`, not `[a]`. */
export function writtenKey(
  t: BabelTypes,
  { key, computed }: t.ClassMethod | t.ObjectMember,
): string | undefined {
  if (!computed || !t.isExpression(key)) return keyText(t, key);
  if (t.isIdentifier(key)) return undefined;
  const isSymbol = t.isMemberExpression(key) && t.isIdentifier(key.object, { name: 'Symbol' });
  return isSymbol && !key.computed && t.isIdentifier(key.property)
    ? `@@${key.property.name}`
    : keyText(t, key);
}

/** A key `name` that always makes an own property: `__proto__: v` would set the prototype. */
export function ownKey(t: BabelTypes, name: string): { key: t.Expression; computed: boolean } {
  const plain = t.isValidIdentifier(name, false) && name !== '__proto__';
  return {
    key: plain ? t.identifier(name) : t.stringLiteral(name),
    computed: name === '__proto__',
  };
}

/** A private name that no class around, and none inside, has: `wanted` or one like it. */
export function freePrivateName(
  { t, code }: { t: BabelTypes; code: string | undefined },
  path: NodePath<t.Node>,
  wanted: string,
): string {
  if (code && !code.includes(`#${wanted}`)) return wanted;
  const outermost = path.findParent(
    (parent) => parent.isClass() && !parent.findParent((outer) => outer.isClass()),
  )!;
  const taken = new Set<string>();
  t.traverseFast(outermost.node, (node) => {
    if (t.isPrivateName(node)) taken.add(node.id.name);
  });
  let free = wanted;
  for (let i = 2; taken.has(free); i++) free = `${wanted}${i}`;
  return free;
}
