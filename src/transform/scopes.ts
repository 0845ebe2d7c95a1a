import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { BabelTypes } from './names.js';
import { putNowhere, putNowhereUntilEndOf } from './nowhere.js';

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
  // `x = 1`, `x++`, `delete x`
  for (const name of Object.keys(t.getBindingIdentifiers(node))) {
    const violations = scope.getBinding(name)?.constantViolations ?? [];
    const assigned = violations.indexOf(path);
    if (assigned >= 0) violations[assigned] = to;
  }
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
 * Gives a binding another name, where it is known to be told and assigned: `scope.rename` of Babel
 * searches all of the scope.
 */
export function renameBinding(t: BabelTypes, scope: Scope, from: string, to: string): void {
  const binding = scope.getOwnBinding(from)!;
  for (const path of binding.referencePaths) renameReference(t, path, to);
  for (const { node } of binding.constantViolations) {
    for (const id of t.getBindingIdentifiers(node, true)[from] ?? []) id.name = to;
    t.traverseFast(node, (each) => {
      if (t.isObjectProperty(each)) each.shorthand &&= !t.isIdentifier(each.key, { name: from });
    });
  }
  binding.identifier.name = to;
  scope.removeOwnBinding(from);
  scope.bindings[to] = binding;
}

/** A name, or a JSX tag, whose closing one bears the same. */
export function renameReference(t: BabelTypes, path: NodePath<t.Node>, name: string): void {
  (path.node as t.Identifier | t.JSXIdentifier).name = name;
  if (t.isObjectProperty(path.parent)) path.parent.shorthand = false;
  if (!path.isJSXIdentifier()) return;
  const opening = path.findParent((outer) => !outer.isJSXMemberExpression())!;
  let closing = (opening.parent as t.JSXElement).closingElement?.name;
  while (t.isJSXMemberExpression(closing)) closing = closing.object;
  if (t.isJSXIdentifier(closing)) closing.name = name;
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

interface Enclosure {
  readonly before: t.Statement;
  readonly handler: t.CatchClause;
  readonly finalizer: t.BlockStatement;
  /** Hears of each new part, once it stands in the tree. */
  refer(placed: NodePath<t.Node>): void;
  /** Hears of a scope that cannot be told without a search. */
  searchAnew(scope: Scope): void;
}

/**
 * Puts the body of a function into a `try`: its block, with all that stands in it, becomes the block
 * of the `try`, and gets a scope of its own for what is declared right in it.
 */
export function enclose(
  t: BabelTypes,
  path: NodePath<t.Function>,
  body: NodePath<t.BlockStatement>,
  { before, handler, finalizer, refer, searchAnew }: Enclosure,
): void {
  const block = body.node;
  const last = block.body.filter(({ loc }) => loc).at(-1);
  const { scope } = path;
  const tryStatement = t.tryStatement(t.blockStatement([]), handler, finalizer);
  const outer = t.blockStatement([before, tryStatement], block.directives);
  block.directives = [];
  // Coverage tools and printers take the place of the body from the outer block.
  outer.loc = block.loc;
  outer.start = block.start;
  outer.end = block.end;
  putNowhereUntilEndOf(handler, last);
  putNowhereUntilEndOf(handler.body, last);
  putNowhere(block);
  (path.node as t.FunctionDeclaration).body = outer;
  const outerPath = path.get('body') as NodePath<t.BlockStatement>;
  const [beforePath, tryPath] = outerPath.get('body') as [NodePath, NodePath<t.TryStatement>];
  tryStatement.block = block;
  const blockPath = placeBlock(tryPath, body);
  carryBelow(t, body, blockPath);
  if (!moveLexical(scope, blockPath)) searchAnew(scope);
  scope.registerDeclaration(beforePath);
  refer(beforePath);
  refer(tryPath.get('handler.body') as NodePath);
  refer(tryPath.get('finalizer') as NodePath);
}

/**
 * The path of the block of a `try`, with an empty scope: Babel would search a scope that is new to
 * it, and all that is declared in this one is known.
 */
function placeBlock(
  tryPath: NodePath<t.TryStatement>,
  from: NodePath<t.BlockStatement>,
): NodePath<t.BlockStatement> {
  const NodePathClass = from.constructor as unknown as {
    get(place: Place & { parent: t.Node }): NodePath<t.BlockStatement>;
  };
  const { node } = tryPath;
  const path = NodePathClass.get({
    parentPath: tryPath,
    parent: node,
    container: node,
    key: 'block',
  });
  const ScopeClass = from.scope.constructor as new (path: NodePath) => Scope;
  const scope = new ScopeClass(path) as unknown as Record<string, unknown>;
  scope.inited = true;
  for (const key of ['bindings', 'globals', 'data']) scope[key] ??= Object.create(null);
  return tryPath.get('block') as NodePath<t.BlockStatement>;
}

const isRedeclared = ({ constantViolations }: Binding): boolean =>
  constantViolations.some((path) => path.isVariableDeclarator() || path.isDeclaration());

/**
 * What is declared right in the block is the block's; a search of all of it would tell the same.
 * @returns whether that was all.
 */
function moveLexical(from: Scope, block: NodePath<t.BlockStatement>): boolean {
  const to = block.scope;
  for (const [name, binding] of Object.entries(from.bindings)) {
    // Babel keeps one binding for the own name of a function and for what its body declares under it.
    if (binding.kind === 'local' && binding.path.node === from.block) {
      if (isRedeclared(binding)) return false;
      continue;
    }
    if (!['let', 'const', 'hoisted', 'local', 'using'].includes(binding.kind)) continue;
    if (binding.path.findParent((outer) => outer.node === block.node) === null) continue;
    from.removeOwnBinding(name);
    to.bindings[name] = binding;
    binding.scope = to;
  }
  return true;
}
