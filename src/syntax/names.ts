import type * as t from '@babel/types';
import { isIdentifier } from './nodes.js';

/** A node and what is around it. Babel's NodePath is one. */
export interface Path {
  readonly node: t.Node;
  readonly parent: t.Node;
  readonly parentPath: Path | null;
}

const TYPE_WRAPPERS = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'TypeCastExpression',
  'ParenthesizedExpression',
]);

/** The expression around `path` once type annotations are gone: `f` of `f as T`, `f!`, `(f)`. */
export function withoutTypes<P extends Path>(path: P): P {
  let outer: Path = path;
  while (outer.parentPath && TYPE_WRAPPERS.has(outer.parent.type)) outer = outer.parentPath;
  return outer as P;
}

const NAMING = ['=', '&&=', '||=', '??='];

/**
 * The name that an anonymous function gets from its place, or `undefined` where it gets none or
 * one that only run time knows.
 *
 * Source: NamedEvaluation, https://tc39.es/ecma262/#sec-runtime-semantics-namedevaluation
 */
export function inferName(path: Path): string | undefined {
  const { node, parent } = withoutTypes(path);
  switch (parent.type) {
    case 'ExportDefaultDeclaration':
      return 'default';
    case 'VariableDeclarator':
      return isIdentifier(parent.id) ? parent.id.name : undefined;
    case 'AssignmentExpression':
      if (!NAMING.includes(parent.operator)) return undefined;
      return parent.right === node ? targetName(parent.left) : undefined;
    case 'AssignmentPattern':
      return parent.right === node ? targetName(parent.left) : undefined;
    case 'ClassPrivateProperty':
      return `#${parent.key.id.name}`;
    case 'ClassAccessorProperty':
    case 'ClassProperty':
    case 'ObjectProperty': {
      if (parent.key.type === 'PrivateName') return `#${parent.key.id.name}`;
      if (parent.computed || parent.value !== node) return undefined;
      const name = keyText(parent.key);
      return parent.type === 'ObjectProperty' && name === '__proto__' ? undefined : name;
    }
    default:
      return undefined;
  }
}

/** The name that is assigned: `x` and `x!` give theirs, `(x)` and `(x as T)` give none. */
function targetName(target: t.Node): string | undefined {
  if (target.extra?.parenthesized) return undefined;
  if (target.type === 'TSNonNullExpression') return targetName(target.expression);
  return isIdentifier(target) ? target.name : undefined;
}

/** What a key that is written out says: `a`, `'a'`, `1`, `1n`. */
export function keyText(key: t.Node): string | undefined {
  switch (key.type) {
    case 'Identifier':
      return key.name;
    case 'StringLiteral':
      return key.value;
    case 'NumericLiteral':
      return String(key.value);
    case 'BigIntLiteral':
      return String(BigInt(key.value));
    default:
      return undefined;
  }
}

/** The name of a method, where the source says it. */
export function memberName(
  node: t.ObjectMethod | t.ClassMethod | t.ClassPrivateMethod,
): string | undefined {
  if (node.type === 'ClassPrivateMethod') return `#${node.key.id.name}`;
  return node.computed ? undefined : keyText(node.key);
}

/** The key of a member where the source says it: `a`, `'a'`, `['a']`, `[Symbol.a]`, not `[a]`. */
export function writtenKey({ key, computed }: t.ClassMethod | t.ObjectMember): string | undefined {
  if (!computed) return keyText(key);
  if (isIdentifier(key)) return undefined;
  const isSymbol = key.type === 'MemberExpression' && isIdentifier(key.object, 'Symbol');
  return isSymbol && !key.computed && isIdentifier(key.property)
    ? `@@${key.property.name}`
    : keyText(key);
}

/**
 * The call that a function stands in the place of the callee of, also by `.call` and `.apply`:
 * nobody sees such a function. `f(?, 1)`, of the proposal for partial application, is another one.
 */
export function calledOnTheSpot<P extends Path>(path: P): P | undefined {
  const fn = withoutTypes(path);
  const { parent } = fn;
  const isThrough =
    parent.type === 'MemberExpression' &&
    !parent.computed &&
    parent.object === fn.node &&
    (isIdentifier(parent.property, 'call') || isIdentifier(parent.property, 'apply'));
  const callee = isThrough ? fn.parentPath! : fn;
  const call = callee.parent;
  if (call.type !== 'CallExpression' || call.callee !== callee.node) return undefined;
  const isPartial = call.arguments.some(({ type }) => (type as string) === 'ArgumentPlaceholder');
  return isPartial ? undefined : (callee.parentPath as P);
}

/** Babel's lowering names a function by its key, and throws for what is outside of the BMP. */
export const isOutsideBmp = (name: string): boolean => /[\uD800-\uDFFF]/.test(name);
