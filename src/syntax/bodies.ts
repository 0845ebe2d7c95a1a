import type * as t from '@babel/types';
import { boundNames, isFunction, isIdentifier, type Walk } from './nodes.js';

/** What `toString()` of the visible function finds the call of `enter()` by; minifiers keep it. */
export const MARKER = 'asyncgen-hooks';

/** Of a member, only what is evaluated where it stands belongs to the function around. */
export const OUTER_KEYS: Record<string, readonly string[]> = {
  ObjectMethod: ['key', 'decorators'],
  ClassMethod: ['key', 'decorators'],
  ClassPrivateMethod: ['decorators'],
  ClassProperty: ['key', 'decorators'],
  ClassPrivateProperty: ['decorators'],
  ClassAccessorProperty: ['key', 'decorators'],
  StaticBlock: [],
  FunctionDeclaration: [],
  FunctionExpression: [],
  ArrowFunctionExpression: [],
};

/**
 * Whether a statement never goes on to the next one, as far as a glance tells. A call behind such a
 * one would be a block that never ran to V8's coverage.
 */
export function leaves(node: t.Statement | null | undefined, walk: Walk): boolean {
  switch (node?.type) {
    case 'ReturnStatement':
    case 'ThrowStatement':
      return true;
    case 'BlockStatement':
      return leaves(node.body.at(-1), walk);
    case 'IfStatement':
      return leaves(node.consequent, walk) && leaves(node.alternate, walk);
    case 'ForStatement':
      return !node.test && !hasBreak(node.body, walk);
    case 'WhileStatement':
      return node.test.type === 'BooleanLiteral' && node.test.value && !hasBreak(node.body, walk);
    default:
      return false;
  }
}

function hasBreak(node: t.Node, walk: Walk): boolean {
  if (node.type === 'BreakStatement') return true;
  if (isFunction(node)) return false;
  for (const child of walk(node)) if (hasBreak(child, walk)) return true;
  return false;
}

/**
 * The body of a generator function will stand in a block (`tellLife`), where a function
 * declaration has a scope of its own. That is as good as before, unless its name is declared a
 * second time:
 *
 * | second declaration                           | in a block                                     |
 * |----------------------------------------------|------------------------------------------------|
 * | another function                             | a SyntaxError, unless both are sloppy and plain|
 * | a `var`, anywhere in the body                | a SyntaxError                                  |
 * | a parameter                                  | another variable than the parameter            |
 * | a function in a block inside, in sloppy code | would no longer assign the outer one           |
 * | maybe one of a direct `eval`, in sloppy code | a SyntaxError there                            |
 *
 * @returns those, in their order.
 */
export function functionsDeclaredTwice(
  fn: t.Function,
  isSloppy: boolean,
  walk: Walk,
): t.FunctionDeclaration[] {
  const body = (fn.body as t.BlockStatement).body;
  const own = body.filter(
    (node): node is t.FunctionDeclaration => node.type === 'FunctionDeclaration',
  );
  if (own.length === 0) return [];
  const others = declaredNames(fn, isSloppy, walk);
  const counts = new Map<string, number>();
  for (const { id } of own) counts.set(id!.name, (counts.get(id!.name) ?? 0) + 1);
  return own.filter(
    ({ id }) => others === 'all' || others.has(id!.name) || counts.get(id!.name)! > 1,
  );
}

/** The names that the function declares beside those of the functions right in its body. */
function declaredNames(fn: t.Function, isSloppy: boolean, walk: Walk): Set<string> | 'all' {
  const names = new Set(fn.params.flatMap(boundNames));
  let hasEval = false;
  const visit = (node: t.Node, isTop: boolean): void => {
    if (node.type === 'VariableDeclaration' && node.kind === 'var')
      for (const { id } of node.declarations) for (const name of boundNames(id)) names.add(name);
    if (node.type === 'FunctionDeclaration') {
      if (isSloppy && !isTop && node.id) names.add(node.id.name);
      return;
    }
    if (isSloppy && node.type === 'CallExpression' && isIdentifier(node.callee, 'eval'))
      hasEval = true;
    if (isFunction(node) && node.type !== 'ArrowFunctionExpression') return;
    for (const child of walk(node)) visit(child, false);
  };
  for (const statement of (fn.body as t.BlockStatement).body) visit(statement, true);
  return hasEval ? 'all' : names;
}
