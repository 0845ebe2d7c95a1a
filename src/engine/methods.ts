import type * as t from '@babel/types';
import {
  freePrivateName,
  isDecorated,
  isOverridden,
  mayBeReplaced,
  usesSuper,
} from '../syntax/members.js';
import { keyText, memberName } from '../syntax/names.js';
import type { FileContext } from './context.js';
import { AROUND_FUNCTION } from './edits.js';
import { assignKey, keyAgain } from './expressions.js';
import { Path, walk } from './path.js';
import { find, quoted } from './text.js';

type ClassPath = Path<t.ClassMethod | t.ClassPrivateMethod>;

/**
 *     key: fn({ async *key() {} }, 'file:1:2')
 *     [_key = key(expression)]: fn({ async *[_key]() {} }, 'file:1:2')
 */
export function compileObjectMethod(ctx: FileContext, path: Path<t.ObjectMethod>): void {
  const { node } = path;
  const { edits, code } = ctx;
  // Legacy decorators get the object that they stand in.
  if (node.decorators?.length) return;
  const location = ctx.location(node, memberName(node));
  if (usesSuper(node, walk)) {
    const object = path.parentPath as Path<t.ObjectExpression>;
    const contested = mayBeReplaced(object.node.properties, node) ? 'true' : undefined;
    const rest = ctx.rest(keyAgain(ctx, path, true), location, contested);
    edits.wrap(object.node, `${ctx.shim('method')}(`, `${rest})`, AROUND_FUNCTION);
    return;
  }
  const end = `}${ctx.rest(location)})`;
  const { key } = node;
  if (!node.computed) {
    edits.wrap(node, `${keyBefore(ctx, key)}: ${ctx.shim('fn')}({`, end);
    return;
  }
  const again = keyAgain(ctx, path, false);
  // No literal begins as a variable does.
  if (!again.startsWith('_')) {
    edits.wrap(node, `[${again}]: ${ctx.shim('fn')}({`, end);
    return;
  }
  // The words in front of the key go behind it, and their line breaks and comments stay.
  const star = find(code, '*', node.start! + 'async'.length);
  edits.replace({ start: node.start!, end: node.start! + 'async'.length }, '');
  edits.replace({ start: star, end: star + 1 }, '');
  const close = find(code, ']', key.end!);
  assignKey(ctx, key, again);
  edits.top(close + 1, `: ${ctx.shim('fn')}({async *[${again}]`);
  edits.after(node, end);
}

/** The key of a method that is written out, for the property in its place. */
function keyBefore({ code }: FileContext, key: t.Node): string {
  if (keyText(key) === '__proto__') return '["__proto__"]';
  return key.type === 'StringLiteral' ? quoted(key.value) : code.slice(key.start!, key.end!);
}

/**
 * | method               | becomes                                                             |
 * |----------------------|---------------------------------------------------------------------|
 * | public               | itself; a static field swaps the visible function in                |
 * | private              | itself, renamed; a getter of its name gives the visible function    |
 * | in a decorated class | itself, with a decorator of ours innermost: the user's decorators see the visible function; a private one only if it is decorated itself |
 */
export function compileClassMethod(ctx: FileContext, path: ClassPath): void {
  const { node } = path;
  const body = path.parentPath as Path<t.ClassBody>;
  const location = ctx.location(node, memberName(node));
  if (node.type === 'ClassPrivateMethod' && !node.decorators?.length) {
    readByGetter(ctx, path as Path<t.ClassPrivateMethod>, location);
  } else if (isDecorated(body.parent, body.node)) {
    const decorator = `@${ctx.shim('decorate')}(${location ?? ''}) `;
    const last = node.decorators?.at(-1);
    if (last) ctx.edits.after(last, ` ${decorator}`);
    else ctx.edits.before(node, decorator);
  } else if (node.type === 'ClassMethod' && !isOverridden(body.node, node)) {
    const home = node.static ? 'this' : 'this.prototype';
    const contested = mayBeReplaced(body.node.body, node) ? 'true' : undefined;
    const rest = ctx.rest(keyAgain(ctx, path, true), location, contested);
    const swap = `${ctx.shim('method')}(${home}${rest})`;
    const known = ctx.classes.get(body.node);
    if (known) known.calls.push(swap);
    else ctx.classes.set(body.node, { path: body, calls: [swap] });
  }
}

/**
 *     static #_ = method(this.prototype, 'items', 'file:1:2');
 *
 * A field, not a static block: engines have had it for longer.
 */
export function swapMethods(ctx: FileContext): void {
  for (const { path, calls } of ctx.classes.values()) {
    const name = freePrivateName(ctx.code, outermostClass(path), '_', walk);
    const value = calls.length === 1 ? calls[0]! : `(${calls.join(', ')})`;
    ctx.edits.top(path.node.start! + 1, `static #${name} = ${value};`);
    if (!path.node.body.some(isInitializer)) ctx.classEnds.push(path.node.end!);
  }
}

/** A member that has its class run a static initializer. */
const isInitializer = (member: t.ClassBody['body'][number]): boolean =>
  member.type === 'StaticBlock' ||
  (/Property$/.test(member.type) && 'static' in member && member.static === true);

/**
 *     async *#_items() {}get #items(){return same(this.#_items, 'file:1:2', '#items');}
 *
 * A private method cannot be replaced. `#items in object`, a call and the TypeError of an
 * assignment stay as they are.
 */
function readByGetter(
  ctx: FileContext,
  path: Path<t.ClassPrivateMethod>,
  location: string | undefined,
): void {
  const { node } = path;
  const { name } = node.key.id;
  const inner = freePrivateName(ctx.code, outermostClass(path), `_${name}`, walk);
  ctx.renamed[`#${inner}`] = `#${name}`;
  ctx.edits.replace(node.key, `#${inner}`);
  const rest = ctx.rest(location, quoted(`#${name}`));
  const value = `${ctx.shim('same')}(this.#${inner}${rest})`;
  const head = node.static ? 'static get' : 'get';
  ctx.edits.after(node, `${head} #${name}(){return ${value};}`);
}

const outermostClass = (path: Path) => (): t.Node => {
  let outermost: t.Node = path.node;
  for (let at: Path | null = path; at; at = at.parentPath)
    if (at.node.type === 'ClassExpression' || at.node.type === 'ClassDeclaration')
      outermost = at.node;
  return outermost;
};
