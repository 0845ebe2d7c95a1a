import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { FileContext } from './context.js';
import { isPragma } from '../syntax/comments.js';
import { privateName } from './names.js';
import { putNowhere } from './nowhere.js';
import { nameInner, placeVisible } from './pairs.js';
import { wrapExpression } from './scopes.js';

/** Puts in what belongs around or above the functions. */
export function finish(ctx: FileContext): void {
  const { t } = ctx;
  for (const { path: was, node, key, location, contested } of ctx.methods) {
    // It may have become the argument of a call meanwhile.
    let path = was as NodePath<t.Node>;
    while (path.node !== node) path = path.get('arguments.0') as NodePath<t.Node>;
    const call = ctx.call('method', node, key, location, contested);
    wrapExpression(t, path, call, 'arguments.0');
    ctx.refer(path.get('callee') as NodePath<t.Node>);
    ctx.refer(path.get('arguments.1') as NodePath<t.Node>);
  }
  for (const [body, calls] of ctx.classes) swapMethods(ctx, body, calls);
  if (ctx.imports.size === 0) return;
  for (const pair of ctx.pairs) nameInner(ctx, pair);
  placeTop(ctx);
  for (const pair of ctx.pairs) placeVisible(ctx, pair);
  for (const { path, getter } of ctx.getters) path.insertAfter(getter);
  ctx.bindReferences();
}

/**
 *     static #_ = method(this.prototype, 'items', 'file:1:2');
 *
 * A field, not a static block: engines have had it for longer, and a configuration that compiles
 * classes need not know of static blocks (Babel throws then).
 */
function swapMethods(ctx: FileContext, body: NodePath<t.ClassBody>, calls: t.Expression[]): void {
  const { t } = ctx;
  const value = calls.length === 1 ? calls[0]! : t.sequenceExpression(calls);
  const key = t.privateName(t.identifier(privateName(ctx, body, '_')));
  const [field] = body.unshiftContainer(
    'body',
    putNowhere(t.classPrivateProperty(key, value, [], true)),
  );
  ctx.refer(field!);
}

/**
 *     import { apply, define, wrap } from 'asyncgen-hooks/shim';
 *     var _record;
 *     _record || _definitions();
 *     function _definitions() { _record = define(gen, _gen, 'file:1:0'); }
 *
 * The import stands at the very top: in a circle of modules the shim has to be there before any
 * member of the circle runs.
 */
function placeTop(ctx: FileContext): void {
  const { t, program, pairs } = ctx;
  const shim = putNowhere(importShim(ctx));
  const first = program.node.body.find(({ leadingComments }) => leadingComments?.length);
  // TypeScript heeds a pragma only in front of all code.
  shim.leadingComments = first?.leadingComments?.filter(isPragma);
  if (first) first.leadingComments = first.leadingComments?.filter((each) => !isPragma(each));

  const records = pairs.map(({ record }) => t.variableDeclarator(record));
  const statements =
    records.length === 0
      ? [shim]
      : [shim, putNowhere(t.variableDeclaration('var', records)), runOnce(ctx)];
  const [importPath, recordsPath, runPath] = program.unshiftContainer('body', statements);
  program.scope.registerDeclaration(importPath!);
  if (importPath!.isVariableDeclaration()) {
    ctx.refer(importPath.get('declarations.0.init.callee') as NodePath<t.Node>);
  }
  if (recordsPath === undefined) return;
  program.scope.registerDeclaration(recordsPath);
  const definitions = t.functionDeclaration(
    putNowhere(ctx.definitionsId()),
    [],
    putNowhere(
      t.blockStatement(
        pairs.map(({ record, define }) =>
          t.expressionStatement(t.assignmentExpression('=', t.cloneNode(record), define)),
        ),
      ),
    ),
  );
  program.scope.registerDeclaration(runPath!.insertAfter(definitions)[0]!);
  ctx.refer(runPath!);
}

/** A circular importer may have run them. */
function runOnce(ctx: FileContext): t.Statement {
  const { t } = ctx;
  const { record } = ctx.pairs[0]!;
  return t.expressionStatement(
    t.logicalExpression(
      '||',
      putNowhere(t.cloneNode(record)),
      t.callExpression(ctx.definitionsId(), []),
    ),
  );
}

function importShim(ctx: FileContext): t.Statement {
  const { t } = ctx;
  const source = ctx.string(ctx.options.importSource);
  const names = [...ctx.imports].sort(([a], [b]) => (a < b ? -1 : 1));
  if (ctx.isModule) {
    return t.importDeclaration(
      names.map(([name, local]) => t.importSpecifier(local, t.identifier(name))),
      source,
    );
  }
  const properties = names.map(([name, local]) => t.objectProperty(t.identifier(name), local));
  return t.variableDeclaration('const', [
    t.variableDeclarator(
      t.objectPattern(properties),
      t.callExpression(requireFunction(ctx), [source]),
    ),
  ]);
}

/** `module.require` where a function of the program took the place of Node's `require`. */
function requireFunction({ t, program }: FileContext): t.Expression {
  const require = t.identifier('require');
  const isReplaced = program.scope.getOwnBinding('require')?.path.isFunctionDeclaration();
  return isReplaced ? t.memberExpression(t.identifier('module'), require) : require;
}
