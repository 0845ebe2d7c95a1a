import type * as t from '@babel/types';
import { writtenKey } from './names.js';
import { isGeneratorFunction, isIdentifier, type Walk } from './nodes.js';

/** Where the last member of each kind stands in a list: what comes later may take the place of a method. */
interface Last {
  readonly at: ReadonlyMap<t.Node, number>;
  readonly spread: number;
  /** Of each key, and of whether it is static. */
  readonly key: ReadonlyMap<string, number>;
  /** The same of methods alone: of two in a class with one key the later one is the member. */
  readonly method: ReadonlyMap<string, number>;
  /** By whether it is static: its key is known only at run time. Of two async generators the shim may take the one for the other. */
  readonly unknown: ReadonlyMap<boolean, number>;
  readonly isDecorated: boolean;
}

/** A class may have thousands: each list is looked at once. */
const known = new WeakMap<readonly t.Node[], Last>();

function lastOf(members: readonly t.Node[]): Last {
  let last = known.get(members);
  if (last === undefined) known.set(members, (last = findLast(members)));
  return last;
}

const isStatic = (node: t.Node): boolean => node.type === 'ClassMethod' && node.static;
const keyOf = (node: t.Node, key: string): string => `${isStatic(node) ? 'static ' : ''}${key}`;
const hasDecorators = (node: t.Node): boolean =>
  ((node as { decorators?: t.Decorator[] | null }).decorators?.length ?? 0) > 0;

function findLast(members: readonly t.Node[]): Last {
  const at = new Map<t.Node, number>();
  const key = new Map<string, number>();
  const method = new Map<string, number>();
  const unknown = new Map<boolean, number>();
  let spread = -1;
  for (const [index, node] of members.entries()) {
    at.set(node, index);
    if (node.type === 'SpreadElement') spread = index;
    const isMember =
      node.type === 'ObjectMethod' || node.type === 'ObjectProperty' || node.type === 'ClassMethod';
    if (!isMember) continue;
    const written = writtenKey(node);
    if (written !== undefined) {
      key.set(keyOf(node, written), index);
      if (node.type === 'ClassMethod') method.set(keyOf(node, written), index);
    } else if (!isGeneratorFunction(node)) unknown.set(isStatic(node), index);
  }
  return { at, spread, key, method, unknown, isDecorated: members.some(hasDecorators) };
}

/** Whether a later member may be what the program sees under the method's key. */
export function mayBeReplaced(
  members: readonly t.Node[],
  method: t.ObjectMethod | t.ClassMethod,
): boolean {
  const last = lastOf(members);
  const index = last.at.get(method)!;
  const written = writtenKey(method);
  const later = [
    last.spread,
    last.unknown.get(isStatic(method)),
    written === undefined ? undefined : last.key.get(keyOf(method, written)),
  ];
  return later.some((other = -1) => other > index);
}

/** Of two members with one key the later one is the member. */
export function isOverridden({ body }: t.ClassBody, method: t.ClassMethod): boolean {
  const written = writtenKey(method);
  const last = lastOf(body);
  return written !== undefined && last.method.get(keyOf(method, written))! > last.at.get(method)!;
}

export const isDecorated = (parent: t.Node, { body }: t.ClassBody): boolean =>
  hasDecorators(parent) || lastOf(body).isDecorated;

/**
 * Whether a method says `super`, which belongs to the object that it was written in: such a method
 * cannot move. Direct eval may say it, too.
 */
export function usesSuper(method: t.ObjectMethod, walk: Walk): boolean {
  const search = (node: t.Node): boolean => {
    if (node.type === 'Super') return true;
    if (node.type === 'CallExpression' && isIdentifier(node.callee, 'eval')) return true;
    return inside(node);
  };
  const inside = (node: t.Node): boolean => {
    const within = HAS_OWN_SUPER.has(node.type) ? outerPart(node) : walk(node);
    for (const child of within) if (search(child)) return true;
    return false;
  };
  return [...method.params, method.body].some(search);
}

function outerPart(node: t.Node): t.Node[] {
  const { key, decorators } = node as { key?: t.Node; decorators?: t.Node[] | null };
  return [...(key ? [key] : []), ...(decorators ?? [])];
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

/** A private name that no class around, and none inside, has: `wanted` or one like it. */
export function freePrivateName(
  code: string | undefined,
  outermost: () => t.Node,
  wanted: string,
  walk: Walk,
): string {
  if (code && !code.includes(`#${wanted}`)) return wanted;
  const taken = new Set<string>();
  const visit = (node: t.Node): void => {
    if (node.type === 'PrivateName') taken.add(node.id.name);
    for (const child of walk(node)) visit(child);
  };
  visit(outermost());
  let free = wanted;
  for (let i = 2; taken.has(free); i++) free = `${wanted}${i}`;
  return free;
}
