import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { BabelTypes } from './names.js';

type Scope = NodePath['scope'];
type Binding = NonNullable<ReturnType<Scope['getBinding']>>;

/**
 * What the plugin tells Babel's scopes of what it has moved and made, so that other plugins find
 * there what a search of the new file would. That search would cost more than all else.
 */

/**
 * Lets a function keep its scope when it is put into `call`, as the argument or as the only member
 * of the object that is the argument. Babel knows a scope by node and path: with a path that is new
 * it would search the function again.
 */
export function keepScope(t: BabelTypes, scope: Scope, call: NodePath<t.Node>): void {
  const { arguments: args } = call.node as t.CallExpression;
  if (args[0] === scope.block) {
    adopt(t, scope, { parentPath: call, container: args, listKey: 'arguments', key: 0 });
    return;
  }
  const object = call.get('arguments.0') as NodePath<t.ObjectExpression>;
  const { properties } = object.node;
  if (properties[0] === scope.block) {
    adopt(t, scope, { parentPath: object, container: properties, listKey: 'properties', key: 0 });
  } else {
    const parentPath = object.get('properties.0') as NodePath<t.Node>;
    adopt(t, scope, { parentPath, container: parentPath.node, key: 'value' });
  }
}

interface Place {
  parentPath: NodePath<t.Node>;
  container: unknown;
  listKey?: string;
  key: string | number;
}

/** Gives a scope a path in another place: `path.get` would look for it before it can be told. */
export function adopt(t: BabelTypes, scope: Scope, place: Place): void {
  const from = scope.path;
  const NodePathClass = from.constructor as unknown as {
    get(place: Place & { parent: t.Node }): NodePath;
  };
  const to = NodePathClass.get({ ...place, parent: place.parentPath.node });
  scope.path = to;
  to.setContext(place.parentPath.context);
  carryBelow(t, from, to);
  const ownName = t.isFunctionExpression(scope.block) ? scope.block.id?.name : undefined;
  if (ownName !== undefined) rebind(scope.getOwnBinding(ownName)!, from, to);
}

/**
 * Lets what stands below a node keep its paths when the node has got another one. Babel 8 keeps
 * them with the path above, Babel 7 with the node; in both they have the old one above them until
 * they are reached from the new one.
 */
export function carryBelow(t: BabelTypes, from: NodePath, to: NodePath): void {
  (to as { _store?: unknown })._store = (from as { _store?: unknown })._store;
  for (const key of t.VISITOR_KEYS[to.node.type]!) to.get(key);
}

/**
 * Puts `replacement` in the place of an expression.
 * @param within where in `replacement` the expression stands, as for `path.get`
 */
export function wrapExpression(
  t: BabelTypes,
  path: NodePath<t.Node>,
  replacement: t.Expression,
  within: string,
): void {
  const { node, scope } = path;
  const binding = t.isIdentifier(node) ? scope.getBinding(node.name) : undefined;
  const at = binding?.referencePaths.findIndex((each) => each.node === node) ?? -1;
  path.replaceWith(replacement);
  const to = path.get(within) as NodePath;
  if (at >= 0) binding!.referencePaths[at] = to;
  carryBelow(t, path, to);
}

/** Tells a binding where its declaration stands now: a new one would have lost its references. */
export function rebind(
  binding: Binding,
  from: NodePath,
  to: NodePath,
  kind: Binding['kind'] = binding.kind,
): void {
  if (binding.path === from) Object.assign(binding, { path: to, kind });
  const violations = binding.constantViolations;
  const at = violations.indexOf(from);
  if (at < 0) return;
  const isTold = binding.path === to || violations.includes(to);
  violations.splice(at, 1, ...(isTold ? [] : [to]));
  binding.constant = violations.length === 0;
}

/** What refers to a name or assigns it in the one scope does so in the other one. */
export function moveBinding(name: string, from: Scope, to: Scope): void {
  const old = from.getOwnBinding(name)!;
  from.removeOwnBinding(name);
  const binding = to.getBinding(name)!;
  for (const path of old.referencePaths) binding.reference(path);
  for (const path of old.constantViolations) if (!path.removed) binding.reassign(path);
}

/**
 * The identifiers at or below `path` that refer to a binding. For the small trees that the plugin
 * makes: `path.traverse` would cost more than to make them.
 */
export function referencedIdentifiers(
  t: BabelTypes,
  path: NodePath<t.Node>,
): NodePath<t.Identifier>[] {
  const found: NodePath<t.Identifier>[] = [];
  const visit = (at: NodePath<t.Node>): void => {
    if (!at.node) return;
    if (at.isIdentifier()) {
      const { node, parent, parentPath } = at;
      if (t.isReferenced(node, parent, parentPath?.parent)) found.push(at);
      return;
    }
    for (const key of t.VISITOR_KEYS[at.type!] ?? []) {
      const child = (at.node as unknown as Record<string, unknown>)[key];
      if (!child) continue;
      const below = at.get(key) as NodePath<t.Node> | NodePath<t.Node>[];
      for (const each of Array.isArray(below) ? below : [below]) visit(each);
    }
  };
  visit(path);
  return found;
}
