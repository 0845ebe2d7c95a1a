import type * as t from '@babel/types';
import { writtenKey } from './names.js';
import { isGeneratorFunction, isIdentifier, type Walk } from './nodes.js';

/** Whether a later member may be what the program sees under the method's key. */
export function mayBeReplaced(
  members: readonly t.Node[],
  method: t.ObjectMethod | t.ClassMethod,
): boolean {
  const key = writtenKey(method);
  return members.slice(members.indexOf(method) + 1).some((later) => {
    if (later.type === 'SpreadElement') return true;
    const isMember =
      later.type === 'ObjectMethod' ||
      later.type === 'ObjectProperty' ||
      later.type === 'ClassMethod';
    if (!isMember) return false;
    if (later.type === 'ClassMethod' && later.static !== (method as t.ClassMethod).static)
      return false;
    const other = writtenKey(later);
    // Of two async generators the shim may take the one for the other.
    return other === undefined ? !isGeneratorFunction(later) : other === key;
  });
}

/** Of two members with one key the later one is the member. */
export function isOverridden({ body }: t.ClassBody, method: t.ClassMethod): boolean {
  const name = writtenKey(method);
  return (
    name !== undefined &&
    body
      .slice(body.indexOf(method) + 1)
      .some(
        (other) =>
          other.type === 'ClassMethod' &&
          other.static === method.static &&
          writtenKey(other) === name,
      )
  );
}

export const isDecorated = (parent: t.Node, { body }: t.ClassBody): boolean =>
  [parent, ...body].some(
    (node) => ((node as { decorators?: t.Decorator[] | null }).decorators?.length ?? 0) > 0,
  );

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
