import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { FileContext } from './context.js';
import { hold } from './expressions.js';

type Declaration = NodePath<t.FunctionDeclaration>;
type Body = NodePath<t.BlockStatement | t.Program | t.StaticBlock>;

/**
 * | where the declaration stands | who may call it before the first statement there   | becomes     |
 * |------------------------------|----------------------------------------------------|-------------|
 * | top level                    | a circular importer                                | pair        |
 * | function, block              | nobody                                             | variable    |
 * | `switch`                     | nobody, but entries are many                       | placeholder |
 * | namespace                    | nobody, but it may only export a declaration       | placeholder |
 */
export function compileDeclaration(ctx: FileContext, path: Declaration): void {
  if (isReplacedBelow(ctx, path)) return;
  const isExport = path.parentPath.isExportDeclaration();
  const place = isExport ? path.parentPath.parentPath! : path.parentPath;
  if (place.isProgram()) pair(ctx, path, isExport);
  else if (place.isTSModuleBlock()) assignFirst(ctx, place, placeholder(ctx, path));
  else if (place.isSwitchCase()) assignOnEntry(ctx, place, placeholder(ctx, path));
  else variable(ctx, path, place as unknown as Body);
}

/** Of two functions with one name in one scope the later one is the function. */
function isReplacedBelow(
  { t }: FileContext,
  { node, container, key, scope }: Declaration,
): boolean {
  const name = node.id?.name;
  const isOnlyOne = name !== undefined && scope.parent.getOwnBinding(name)?.constant;
  if (isOnlyOne || !Array.isArray(container)) return false;
  const below = container.slice((key as number) + 1) as t.Node[];
  return below.some((other) => t.isFunctionDeclaration(other) && other.id?.name === name);
}

/** `fn({ gen: async function* () {} }, 'file:1:0')` */
function asExpression(
  ctx: FileContext,
  node: t.FunctionDeclaration,
  name: string,
): t.CallExpression {
  const location = ctx.location(node);
  node.id = null;
  const value = ctx.t.toExpression(node) as t.FunctionExpression;
  return ctx.call('fn', hold(ctx, name, value), location);
}

/**
 *     var gen = fn({ gen: async function* () {} }, 'file:1:0');
 */
function variable(ctx: FileContext, path: Declaration, place: Body): void {
  const { t } = ctx;
  const { node } = path;
  const id = node.id!;
  const isFunctionBody = !place.isBlockStatement() || t.isFunction(place.parent);
  const binding = place.scope.getOwnBinding(id.name);

  const statement = t.variableDeclaration(isFunctionBody ? 'var' : 'let', []);
  t.inheritsComments(statement, node);
  t.removeComments(node);
  path.remove();
  statement.declarations.push(t.variableDeclarator(id, asExpression(ctx, node, id.name)));
  const [placed] = place.unshiftContainer(
    'body' as never,
    statement as never,
  ) as NodePath<t.Node>[];
  ctx.refer(placed!.get('declarations.0.init.callee') as NodePath<t.Identifier>);
  if (binding === undefined) return;
  // The same binding, told where it stands now: a new one would have lost its references.
  const declarator = placed!.get('declarations.0') as NodePath<t.VariableDeclarator>;
  place.scope.bindings[id.name] = Object.assign(binding, {
    kind: statement.kind,
    path: declarator,
  });
}

/**
 *     function* gen() {}
 *
 * keeps the place of the declaration until the assignment that is returned:
 *
 *     gen = fn({ gen: async function* () {} }, 'file:1:0')
 *
 * It is a generator function since in sloppy code a plain function in a block makes a variable in
 * the function around, too
 * (https://tc39.es/ecma262/#sec-block-level-function-declarations-web-legacy-compatibility-semantics).
 */
function placeholder(ctx: FileContext, path: Declaration): t.AssignmentExpression {
  const { t } = ctx;
  const { node } = path;
  const id = node.id!;
  path.replaceWith(t.functionDeclaration(id, [], t.blockStatement([]), true));
  t.inheritsComments(path.node, node);
  t.removeComments(node);
  return t.assignmentExpression('=', t.cloneNode(id), asExpression(ctx, node, id.name));
}

function assignFirst(ctx: FileContext, place: NodePath<t.Node>, assignment: t.Expression): void {
  const statement = ctx.t.expressionStatement(assignment);
  const list = place.isSwitchCase() ? 'consequent' : 'body';
  const [placed] = place.unshiftContainer(list as never, statement as never) as NodePath<t.Node>[];
  ctx.refer(placed!.get('expression.right.callee') as NodePath<t.Identifier>);
}

/**
 * The test of the first case is what every entry into a `switch` runs first, and it stands in the
 * scope of the cases. Without a test there is only `default`.
 */
function assignOnEntry(
  ctx: FileContext,
  place: NodePath<t.SwitchCase>,
  assignment: t.Expression,
): void {
  const { t } = ctx;
  const cases = (place.parentPath as NodePath<t.SwitchStatement>).get('cases');
  const tested = cases.find((clause) => clause.node.test);
  if (tested === undefined) {
    assignFirst(ctx, place, assignment);
    return;
  }
  const test = tested.get('test') as NodePath<t.Expression>;
  test.replaceWith(t.sequenceExpression([assignment, test.node]));
  ctx.refer(test.get('expressions.0.right.callee') as NodePath<t.Identifier>);
}

/**
 *     function gen(_x) {
 *       return wrap(new.target || apply(_gen, this, arguments), _record || (_definitions(), _record));
 *     }
 *     async function* _gen(x) {}
 *
 * Both are hoisted. `_record` is set by `_definitions`, which the module calls first of all, and a
 * circular importer may call before it.
 */
function pair(ctx: FileContext, path: Declaration, isExport: boolean): void {
  const { t, program } = ctx;
  const { node } = path;
  const name = node.id?.name ?? 'default';
  const id = node.id ?? ctx.uid(name);
  const inner = ctx.uid(name);
  const define = ctx.call(
    'define',
    t.cloneNode(id),
    inner,
    ctx.location(node),
    node.id ? undefined : t.stringLiteral(name),
  );
  const record = ctx.define(define, name);

  const body = t.logicalExpression(
    '||',
    t.metaProperty(t.identifier('new'), t.identifier('target')),
    ctx.call('apply', t.cloneNode(inner), t.thisExpression(), t.identifier('arguments')),
  );
  // A sloppy function has own `caller` and `arguments`; a generator function has not.
  const isStrict = ctx.isModule || path.isInStrictMode();
  const mayBeStrict = t.isValidIdentifier(id.name) && !['eval', 'arguments'].includes(id.name);
  const visible = t.functionDeclaration(
    id,
    countedParams(ctx, node).map((_, i) => ctx.param(i)),
    t.blockStatement(
      [t.returnStatement(ctx.call('wrap', body, record))],
      isStrict || !mayBeStrict ? [] : [t.directive(t.directiveLiteral('use strict'))],
    ),
  );
  const shown = isExport ? inPlace(path, visible) : inFront(path, visible);
  node.id = t.cloneNode(inner);
  const [text] = isExport ? path.parentPath!.insertAfter(node) : [path];
  program.scope.registerDeclaration(text as NodePath<t.Node>);
  ctx.refer(shown.get('body'));
}

function inPlace(path: Declaration, visible: t.FunctionDeclaration): Declaration {
  const isNamed = Boolean(path.node.id);
  path.replaceWith(visible);
  if (!isNamed) path.scope.parent.registerDeclaration(path);
  return path;
}

/** The function stays where it is: for a moved one Babel would search its scope again. */
function inFront(path: Declaration, visible: t.FunctionDeclaration): Declaration {
  const { node } = path;
  visible.leadingComments = node.leadingComments;
  node.leadingComments = null;
  const [placed] = path.insertBefore(visible) as [Declaration];
  const binding = path.scope.parent.getOwnBinding(visible.id!.name);
  if (binding) binding.path = placed;
  return placed;
}

/** The parameters that `Function.prototype.length` counts. */
function countedParams({ t }: FileContext, node: t.FunctionDeclaration): t.Node[] {
  const params = node.params.filter((param) => !t.isIdentifier(param, { name: 'this' }));
  const end = params.findIndex((param) => t.isAssignmentPattern(param) || t.isRestElement(param));
  return end < 0 ? params : params.slice(0, end);
}
