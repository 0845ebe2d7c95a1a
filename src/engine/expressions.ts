import type * as t from '@babel/types';
import { calledOnTheSpot, inferName, isOutsideBmp, withoutTypes } from '../syntax/names.js';
import { isIdentifier } from '../syntax/nodes.js';
import type { FileContext } from './context.js';
import { directivesOf, KEYS, openOf, ownKey } from './declarations.js';
import { AROUND_FUNCTION } from './edits.js';
import { showToItself } from './own-name.js';
import { Path } from './path.js';
import { isDeclaredAround } from './scopes.js';
import { find, quoted } from './text.js';

type FunctionPath = Path<t.FunctionExpression>;

export function compileExpression(ctx: FileContext, path: FunctionPath): void {
  const showsItself = showToItself(ctx, path);
  const { node } = path;
  const { id } = node;
  const call = showsItself ? undefined : calledOnTheSpot(path);
  if (call !== undefined) {
    const location = ctx.location(node, id?.name ?? '');
    wrapCall(ctx, call, `${ctx.shim('call')}(`, `${ctx.rest(location)})`);
    return;
  }
  if (id) {
    const location = ctx.location(node, id.name);
    wrapCall(ctx, path, `${ctx.shim(showsItself ? 'same' : 'fn')}(`, `${ctx.rest(location)})`);
    return;
  }
  const name = inferName(path);
  const location = ctx.location(node, name);
  const key = name === undefined ? computedKey(ctx, path) : undefined;
  if (key !== undefined)
    wrapCall(ctx, path, `${ctx.shim('fn')}({[${key}]: `, `}${ctx.rest(location)})`);
  else if (name === undefined) wrapCall(ctx, path, `${ctx.shim('fn')}(`, `${ctx.rest(location)})`);
  else if (isOutsideBmp(name))
    wrapCall(ctx, path, `${ctx.shim('same')}(`, `${ctx.rest(location, quoted(name))})`);
  else wrapCall(ctx, path, `${ctx.shim('fn')}({${ownKey(name)}: `, `}${ctx.rest(location)})`);
}

/** In the place of what `new` constructs, a call has to stand in parentheses. */
export function wrapCall(ctx: FileContext, path: Path, before: string, after: string): void {
  const [open, close] = isConstructed(path) ? ['(', ')'] : ['', ''];
  ctx.edits.wrap(path.node, open + before, after + close, AROUND_FUNCTION);
}

const THROUGH = new Set([
  'MemberExpression',
  'TaggedTemplateExpression',
  'TSNonNullExpression',
  'TSInstantiationExpression',
]);
const THROUGH_KEYS = new Set(['object', 'tag', 'expression', 'callee']);

function isConstructed(path: Path): boolean {
  for (let at: Path = path; at.parentPath; at = at.parentPath) {
    const { node, parent, key } = at;
    if (node.extra?.parenthesized || !THROUGH_KEYS.has(key)) return false;
    if (parent.type === 'NewExpression') return true;
    if (!THROUGH.has(parent.type)) return false;
  }
  return false;
}

/** The key of a function whose name only run time knows. */
function computedKey(ctx: FileContext, path: FunctionPath): string | undefined {
  const value = withoutTypes(path);
  const { parent } = value;
  const isNamed =
    parent.type === 'ObjectProperty' ||
    parent.type === 'ClassProperty' ||
    parent.type === 'ClassAccessorProperty';
  if (!isNamed || !parent.computed || parent.value !== value.node) return undefined;
  return keyAgain(ctx, value.parentPath!, true);
}

type Member =
  t.ObjectProperty | t.ClassProperty | t.ClassAccessorProperty | t.ClassMethod | t.ObjectMethod;

/**
 * An expression that gives the key of a member a second time and has no effect. Where the key is
 * computed, its value is kept in a variable of the statements around.
 * @param wraps whether the key stays where it is, with the assignment around it.
 */
export function keyAgain(ctx: FileContext, path: Path, wraps: boolean): string {
  const { key, computed } = path.node as Member;
  if (!computed && isIdentifier(key)) return quoted(key.name);
  const text = literalText(ctx, key);
  if (text !== undefined) return text;
  const isSymbol =
    key.type === 'MemberExpression' &&
    !key.computed &&
    isIdentifier(key.object, 'Symbol') &&
    isIdentifier(key.property) &&
    !isDeclaredAround(path, 'Symbol');
  if (isSymbol) return `Symbol.${(key.property as t.Identifier).name}`;
  const variable = declareKey(ctx, path);
  if (wraps) assignKey(ctx, key, variable);
  return variable;
}

/** `_key = key(expression)` */
export function assignKey(ctx: FileContext, key: t.Node, variable: string): void {
  const [open, close] = key.type === 'SequenceExpression' ? ['((', '))'] : ['(', ')'];
  ctx.edits.wrap(key, `${variable} = ${ctx.shim('key')}${open}`, close);
}

/** A key that is a literal, on one line. */
function literalText({ code }: FileContext, key: t.Node): string | undefined {
  if (key.type === 'StringLiteral') return quoted(key.value);
  const isPlain =
    key.type === 'NumericLiteral' ||
    key.type === 'BigIntLiteral' ||
    key.type === 'NullLiteral' ||
    key.type === 'BooleanLiteral' ||
    key.type === 'RegExpLiteral';
  return isPlain ? code.slice(key.start!, key.end!) : undefined;
}

/**
 * Declares a variable where all of an expression sees it: at the top of the statements around. A
 * loop's body, or that of a function, is none: its head or the parameters would not see it.
 */
function declareKey(ctx: FileContext, path: Path): string {
  const name = ctx.uid('key');
  for (let at: Path = path; at.parentPath; at = at.parentPath) {
    const { parent, key, node } = at;
    if (
      key === 'body' &&
      parent.type === 'ArrowFunctionExpression' &&
      node.type !== 'BlockStatement'
    ) {
      inArrow(ctx, parent, name);
      return name;
    }
    if (!at.inList || key !== 'body') continue;
    switch (parent.type) {
      case 'Program':
        // A circular importer may be here before the module's body.
        ctx.keys.push(name);
        return name;
      case 'BlockStatement':
      case 'StaticBlock':
      case 'TSModuleBlock':
        ctx.top(openOf(ctx, parent), directivesOf(parent), `let ${name};`, KEYS);
        return name;
    }
  }
  throw new Error('No statement is around.');
}

/** `x => value` → `x =>{let _key;return(value)}` */
function inArrow(ctx: FileContext, arrow: t.ArrowFunctionExpression, name: string): void {
  const { edits, code, arrows } = ctx;
  const names = arrows.get(arrow);
  if (names) {
    names.push(name);
    return;
  }
  const head = [...arrow.params, arrow.returnType, arrow.typeParameters, arrow.predicate];
  const ends = head.map((node) => node?.end ?? 0);
  const at = find(code, '=>', Math.max(arrow.start!, ...ends)) + '=>'.length;
  const own = [name];
  arrows.set(arrow, own);
  edits.wrap({ start: at, end: arrow.end }, () => `{let ${own.join(', ')};return(`, ')}', -1);
}
