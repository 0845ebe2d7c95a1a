import type { NodePath } from '@babel/core';
import type * as t from '@babel/types';
import type { FileContext } from './context.js';
import { leaves, MARKER, OUTER_KEYS } from '../syntax/bodies.js';
import type { GeneratorFunction } from '../syntax/nodes.js';
import { walkWith } from './names.js';
import { functionsToVariables } from './body-functions.js';
import { putNowhere } from './nowhere.js';
import { enclose, wrapExpression } from './scopes.js';

/** What the body of a generator function has in it, nested functions left out. */
interface Found {
  readonly yields: NodePath<t.YieldExpression>[];
  readonly returns: NodePath<t.ReturnStatement>[];
  readonly loops: NodePath<t.ForOfStatement>[];
}

/**
 * Lets the body of a generator function tell what it does (docs/emitted-code.md):
 *
 *     const _gen = enter('asyncgen-hooks');
 *     try {
 *       yield _gen.item(value, 3);
 *       yield* _gen.from(iterable, 4);
 *       for await (const each of _gen.over(iterable)) …
 *       return _gen.result(value);
 *       _gen.result(); return;
 *       _gen.result();
 *     } catch (_error) {
 *       if (_gen.failed(_error)) throw _error;
 *     } finally {
 *       _gen.ended();
 *     }
 *
 * The block of the source becomes that of the `try`, so that no statement gets another place: what
 * was measured beside it (a function around the body, a second generator) costs more than it all.
 * `finally` alone would not see the error. A `return` without a value keeps none: with one it takes
 * a microtask more.
 */
export function tellLife(ctx: FileContext, path: NodePath<GeneratorFunction>): void {
  const { t } = ctx;
  const body = path.get('body') as NodePath<t.BlockStatement>;
  const found: Found = { yields: [], returns: [], loops: [] };
  find(ctx, body.node, () => body, found);
  const signals = ctx.signalsOf(path.node);
  functionsToVariables(ctx, path, body);

  const id = ctx.bodyId();
  const call = (name: string, ...args: t.Expression[]): t.CallExpression =>
    t.callExpression(t.memberExpression(t.cloneNode(id), t.identifier(name)), args);
  /** As a statement of its own, which no statement of the source is. */
  const tell = (name: string): t.Statement => {
    const told = call(name);
    putNowhere((told.callee as t.MemberExpression).object);
    return t.expressionStatement(told);
  };
  /** `argument` becomes `_gen.name(argument, line)`. */
  const wrap = (argument: NodePath<t.Node>, name: string, line?: t.Expression): void => {
    const { node } = argument as NodePath<t.Expression>;
    const args = line === undefined ? [node] : [node, line];
    wrapExpression(t, argument, call(name, ...args), 'arguments.0');
    ctx.refer(argument.get('callee') as NodePath<t.Node>);
  };

  // From the last to the first: what stands inside goes first.
  for (const each of found.yields.reverse()) {
    const { node } = each;
    const line = ctx.line(node);
    node.argument ??= t.unaryExpression('void', t.numericLiteral(0));
    wrap(each.get('argument') as NodePath<t.Node>, node.delegate ? 'from' : 'item', line);
  }
  for (const each of found.loops) wrap(each.get('right'), 'over');
  for (const each of signals) {
    const { loc } = each.node;
    each.replaceWith(Object.assign(call('signal'), { loc }));
    ctx.refer(each.get('callee') as NodePath<t.Node>);
  }
  for (const each of found.returns) {
    if (each.node.argument) wrap(each.get('argument') as NodePath<t.Node>, 'result');
    else tellBefore(ctx, each, tell('result'));
  }
  if (!leaves(body.node, walkWith(t))) {
    const [placed] = body.pushContainer('body', tell('result'));
    ctx.refer(placed!);
  }

  const keepsRecord = signals.length > 0 || found.loops.length > 0 || hasDelegate(found);
  const enter = ctx.call(
    'enter',
    ctx.string(MARKER),
    keepsRecord ? t.booleanLiteral(true) : undefined,
  );
  const error = t.cloneNode(ctx.errorId());
  enclose(ctx.t, path, body, {
    before: putNowhere(
      t.variableDeclaration('const', [t.variableDeclarator(t.cloneNode(id), enter)]),
    ),
    handler: t.catchClause(
      error,
      t.blockStatement([
        t.ifStatement(call('failed', t.cloneNode(error)), t.throwStatement(t.cloneNode(error))),
      ]),
    ),
    finalizer: putNowhere(t.blockStatement([tell('ended')])),
    refer: (placed) => ctx.refer(placed),
    searchAnew: (scope) => void ctx.searches.push(scope),
  });
}

const hasDelegate = ({ yields }: Found): boolean => yields.some(({ node }) => node.delegate);

/** `return;` → `_gen.result(); return;`, in a block of its own where only one statement may stand. */
function tellBefore(
  ctx: FileContext,
  path: NodePath<t.ReturnStatement>,
  statement: t.Statement,
): void {
  const { t } = ctx;
  if (path.inList) {
    const [placed] = path.insertBefore(statement) as [NodePath];
    ctx.refer(placed);
    return;
  }
  const { node } = path;
  const block = t.blockStatement([node]);
  // A branch to coverage tools.
  block.loc = node.loc;
  // The statement comes second: Babel searches a new block, and the name is not declared yet.
  path.replaceWith(block);
  const inner = path.get('body.0') as NodePath<t.Node>;
  const [placed] = inner.insertBefore(statement) as [NodePath];
  ctx.refer(placed);
}

function once<Value>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= make());
}

function find(
  { t }: FileContext,
  root: t.Node,
  rootPath: () => NodePath,
  { yields, returns, loops }: Found,
): void {
  const visit = (node: t.Node, path: () => NodePath): void => {
    if (t.isYieldExpression(node)) yields.push(path() as NodePath<t.YieldExpression>);
    else if (t.isReturnStatement(node)) returns.push(path() as NodePath<t.ReturnStatement>);
    else if (t.isForOfStatement(node) && node.await)
      loops.push(path() as NodePath<t.ForOfStatement>);
    for (const key of OUTER_KEYS[node.type] ?? t.VISITOR_KEYS[node.type] ?? []) {
      const child = (node as unknown as Record<string, t.Node | (t.Node | null)[] | null>)[key];
      // Babel makes the paths of a list all at once.
      const paths = once(() => path().get(key) as NodePath | NodePath[]);
      if (Array.isArray(child))
        child.forEach((each, i) => {
          if (each) visit(each, () => (paths() as NodePath[])[i]!);
        });
      else if (child) visit(child, paths as () => NodePath);
    }
  };
  visit(root, rootPath);
}
