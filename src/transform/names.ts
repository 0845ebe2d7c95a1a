import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import { freePrivateName } from '../syntax/members.js';
import type { Walk } from '../syntax/nodes.js';

export type BabelTypes = typeof t;

/** The nodes right in a node. What other plugins have put beside them is none of its children. */
export const walkWith =
  (t: BabelTypes): Walk =>
  (node) => {
    const record = node as unknown as Record<string, t.Node | (t.Node | null)[] | null | undefined>;
    const found: t.Node[] = [];
    for (const key of t.VISITOR_KEYS[node.type] ?? []) {
      const child = record[key];
      for (const each of [child].flat()) if (each) found.push(each);
    }
    return found;
  };

/** A key `name` that always makes an own property: `__proto__: v` would set the prototype. */
export function ownKey(t: BabelTypes, name: string): { key: t.Expression; computed: boolean } {
  const plain = t.isValidIdentifier(name, false) && name !== '__proto__';
  return {
    key: plain ? t.identifier(name) : t.stringLiteral(name),
    computed: name === '__proto__',
  };
}

/** A private name that no class around, and none inside, has: `wanted` or one like it. */
export const privateName = (
  { t, code }: { t: BabelTypes; code: string | undefined },
  path: NodePath<t.Node>,
  wanted: string,
): string =>
  freePrivateName(
    code,
    () =>
      path.findParent(
        (parent) => parent.isClass() && !parent.findParent((outer) => outer.isClass()),
      )!.node,
    wanted,
    walkWith(t),
  );
