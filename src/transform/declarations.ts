import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { FileContext } from './context.js';
import { named } from './expressions.js';
import { makePair } from './pairs.js';
import { adopt, moveBinding, rebind, renameBinding, wrapExpression } from './scopes.js';

type Declaration = NodePath<t.FunctionDeclaration>;
type Body = NodePath<t.BlockStatement | t.Program | t.StaticBlock>;

/**
 * | where the declaration stands | who may call it before the first statement there   | becomes          |
 * |------------------------------|----------------------------------------------------|------------------|
 * | top level                    | a circular importer                                | pair             |
 * | function, block              | nobody                                             | variable         |
 * | `switch`                     | nobody, but entries are many                       | variable outside |
 * | namespace                    | nobody, but it may only export a declaration       | placeholder      |
 */
export function compileDeclaration(ctx: FileContext, path: Declaration): void {
  if (isReplacedBelow(ctx, path)) return;
  const isExport = path.parentPath.isExportDeclaration();
  const place = isExport ? path.parentPath.parentPath! : path.parentPath;
  if (place.isProgram()) makePair(ctx, path, isExport);
  else if (place.isTSModuleBlock()) placeholder(ctx, path, place);
  else if (place.isSwitchCase()) outside(ctx, path, place);
  else variable(ctx, path, place as unknown as Body);
}

/**
 * `for (;;) switch (x) {…}`: gives each `switch` that holds one of the functions a block to stand
 * in, since a variable will stand in front of it.
 * @returns whether there was such a one; paths below it are no longer those of the tree.
 */
export function putSwitchesInBlocks({ t }: FileContext, found: NodePath<t.Function>[]): boolean {
  const bare = found
    .filter(({ parentPath }) => parentPath!.isSwitchCase())
    .map(({ parentPath }) => parentPath!.parentPath!)
    .filter(({ inList }) => !inList);
  for (const path of new Set(bare)) {
    const { node, scope } = path;
    const block = t.blockStatement([]);
    // Empty at first: Babel searches what is put in.
    path.replaceWith(block);
    block.body.push(node as t.Statement);
    adopt(t, scope, { parentPath: path, container: block.body, listKey: 'body', key: 0 });
  }
  return bare.length > 0;
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
  const location = ctx.location(node, name);
  node.id = null;
  const value = ctx.t.toExpression(node) as t.FunctionExpression;
  return named(ctx, name, value, location);
}

/**
 *     var gen = fn({ gen: async function* () {} }, 'file:1:0');
 */
function variable(ctx: FileContext, path: Declaration, place: Body): void {
  const { t } = ctx;
  const { node } = path;
  const id = node.id!;
  const { scope } = path;
  const isFunctionBody = !place.isBlockStatement() || t.isFunction(place.parent);
  const binding = place.scope.getOwnBinding(id.name);

  const statement = t.variableDeclaration(isFunctionBody ? 'var' : 'let', []);
  t.inheritLeadingComments(statement, node);
  node.leadingComments = null;
  removeFunction(t, path);
  statement.declarations.push(t.variableDeclarator(id, asExpression(ctx, node, id.name)));
  const [placed] = place.unshiftContainer(
    'body' as never,
    statement as never,
  ) as NodePath<t.Node>[];
  const declarator = placed!.get('declarations.0') as NodePath<t.VariableDeclarator>;
  ctx.referCall(declarator.get('init') as NodePath<t.Node>, scope);
  if (binding) rebind(binding, path, declarator, statement.kind as 'var' | 'let');
}

/**
 *     function gen() {}
 *
 * keeps the place of the declaration, which a namespace may export, behind an assignment:
 *
 *     gen = fn({ gen: async function* () {} }, 'file:1:0')
 */
function placeholder(ctx: FileContext, path: Declaration, place: NodePath<t.Node>): void {
  const { t } = ctx;
  const { node, scope } = path;
  const id = node.id!;
  path.replaceWith(t.functionDeclaration(id, [], t.blockStatement([])));
  t.inheritsComments(path.node, node);
  t.removeComments(node);
  assign(ctx, scope, id, asExpression(ctx, node, id.name), (node) => placeFirst(t, place, node));
}

/**
 *     let _gen;
 *     switch (x) {
 *       case _gen = fn({ gen: async function* () {} }, 'file:1:0'), 0:
 *
 * A function in the place of the declaration would be lowered, or lifted out of the `switch`.
 */
function outside(ctx: FileContext, path: Declaration, place: NodePath<t.SwitchCase>): void {
  const { t } = ctx;
  const { node, scope } = path;
  const { name } = node.id!;
  const id = ctx.uid(name);
  const around = place.parentPath as NodePath<t.SwitchStatement>;
  renameBinding(t, around.scope, name, id.name);
  removeFunction(t, path);
  const [placed] = around.insertBefore(
    t.variableDeclaration('let', [t.variableDeclarator(t.cloneNode(id))]),
  ) as [NodePath];
  placed.scope.registerDeclaration(placed);
  moveBinding(id.name, around.scope, placed.scope);
  assign(ctx, scope, id, asExpression(ctx, node, name), (node) => placeOnEntry(ctx, place, node));
}

function assign(
  ctx: FileContext,
  scope: NodePath['scope'],
  id: t.Identifier,
  value: t.CallExpression,
  place: (assignment: t.AssignmentExpression) => NodePath<t.Node>,
): void {
  const placed = place(ctx.t.assignmentExpression('=', ctx.t.cloneNode(id), value));
  ctx.referCall(placed.get('right') as NodePath<t.Node>, scope);
  placed.scope.registerConstantViolation(placed);
}

/** To remove a function itself would take its parameters out of its scope. */
function removeFunction(t: FileContext['t'], path: Declaration): void {
  const { node } = path;
  const empty = t.emptyStatement();
  t.inheritsComments(empty, node);
  t.removeComments(node);
  path.replaceWith(empty);
  path.remove();
}

function placeFirst(
  t: FileContext['t'],
  place: NodePath<t.Node>,
  assignment: t.AssignmentExpression,
): NodePath<t.Node> {
  const statement = t.expressionStatement(assignment);
  const list = place.isSwitchCase() ? 'consequent' : 'body';
  const [placed] = place.unshiftContainer(list as never, statement as never) as NodePath<t.Node>[];
  return placed!.get('expression') as NodePath<t.Node>;
}

/**
 * The test of the first case is what every entry into a `switch` runs first, and it stands in the
 * scope of the cases. Without a test there is only `default`.
 */
function placeOnEntry(
  ctx: FileContext,
  place: NodePath<t.SwitchCase>,
  assignment: t.AssignmentExpression,
): NodePath<t.Node> {
  const cases = (place.parentPath as NodePath<t.SwitchStatement>).get('cases');
  const tested = cases.find((clause) => clause.node.test);
  if (tested === undefined) return placeFirst(ctx.t, place, assignment);
  const test = tested.get('test') as NodePath<t.Expression>;
  if (test.isSequenceExpression()) {
    return test.unshiftContainer('expressions', assignment)[0];
  }
  const sequence = ctx.t.sequenceExpression([assignment, test.node]);
  wrapExpression(ctx.t, test, sequence, 'expressions.1');
  return test.get('expressions.0') as NodePath<t.Node>;
}
