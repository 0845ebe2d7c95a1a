import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import { countedParams } from '../syntax/nodes.js';
import type { FileContext, Pair } from './context.js';
import { putNowhere } from './nowhere.js';
import { carryBelow, rebind } from './scopes.js';

/**
 * A declaration at the top level becomes two, both hoisted:
 *
 *     function gen(_x) {
 *       return wrap(new.target || apply(_gen, this, arguments), _record || (_definitions(), _record));
 *     }
 *     async function* _gen(x) {}
 *
 * `_record` is set by `_definitions`, which the module calls first of all, and a circular importer
 * may call before it.
 */
export function makePair(
  ctx: FileContext,
  path: NodePath<t.FunctionDeclaration>,
  isExport: boolean,
): void {
  const { t } = ctx;
  const { node } = path;
  const name = node.id?.name ?? 'default';
  const id = node.id ?? ctx.uid(name);
  const inner = ctx.uid(name);
  const record = ctx.uid(`${name}Record`);
  const define = ctx.call(
    'define',
    // Not a clone: with its place in the source `retainLines` would move all that follows.
    t.identifier(id.name),
    inner,
    ctx.location(node, name),
    node.id ? undefined : ctx.string(name),
  );
  const made = t.callExpression(ctx.definitionsId(), []);
  const body = ctx.call(
    'wrap',
    t.logicalExpression(
      '||',
      t.metaProperty(t.identifier('new'), t.identifier('target')),
      ctx.call('apply', t.cloneNode(inner), t.thisExpression(), t.identifier('arguments')),
    ),
    t.logicalExpression(
      '||',
      t.cloneNode(record),
      t.sequenceExpression([made, t.cloneNode(record)]),
    ),
  );
  // A sloppy function has own `caller` and `arguments`; a generator function has not.
  const isStrict = ctx.isModule || path.isInStrictMode();
  const mayBeStrict = t.isValidIdentifier(id.name) && !['eval', 'arguments'].includes(id.name);
  const visible = t.functionDeclaration(
    id,
    Array.from({ length: countedParams(node) }, (_, i) => ctx.param(i)),
    putNowhere(
      t.blockStatement(
        [t.returnStatement(body)],
        isStrict || !mayBeStrict ? [] : [t.directive(t.directiveLiteral('use strict'))],
      ),
    ),
  );
  ctx.pairs.unshift({ path, isExport, visible, inner, record, define });
}

/** The function of the source gets its new name, and stands behind its export. */
export function nameInner(
  { t, program }: FileContext,
  { path, isExport, visible, inner }: Pair,
): void {
  const { node, scope } = path;
  if (!node.id) {
    node.id = visible.id!;
    program.scope.registerDeclaration(path);
    program.scope.getOwnBinding(node.id.name)!.reference(path.parentPath!);
  }
  // To coverage tools and debuggers this one is the function.
  node.id = Object.assign(t.cloneNode(inner), { loc: visible.id!.loc });
  putNowhere(visible.id!);
  if (!isExport) {
    program.scope.registerDeclaration(path);
    return;
  }
  const [placed] = path.parentPath!.insertAfter(t.emptyStatement()) as [NodePath];
  // With the path that it will have Babel need not search its scope again.
  scope.path = placed;
  placed.replaceWith(node);
  carryBelow(t, path, placed);
  program.scope.registerDeclaration(placed);
}

/** Once all is there that it refers to: Babel searches the scope of what is put in, and finds it. */
export function placeVisible({ program }: FileContext, { path, isExport, visible }: Pair): void {
  const { node, parent } = path;
  if (isExport) {
    path.replaceWith(visible);
    // Coverage tools look for their hints at the function itself. Babel prints a comment once.
    node.leadingComments = parent.leadingComments;
    // These belong to what comes next.
    node.trailingComments = parent.trailingComments;
    parent.trailingComments = null;
    return;
  }
  visible.leadingComments = node.leadingComments;
  const binding = program.scope.getOwnBinding(visible.id!.name);
  const [placed] = path.insertBefore(visible) as [NodePath];
  if (binding) rebind(binding, path, placed);
}
