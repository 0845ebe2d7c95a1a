import type * as t from '@babel/types';
import { isOutsideBmp } from '../syntax/names.js';
import type { FileContext } from './context.js';
import { isSloppy } from './body.js';
import { Path } from './path.js';
import { makePair } from './pairs.js';
import { find, gapEnd, quoted } from './text.js';

type Declaration = Path<t.FunctionDeclaration>;
type Block = t.BlockStatement | t.StaticBlock | t.TSModuleBlock;

/** What stands at the top of a block: variables for keys, then those for functions, in their order. */
export const KEYS = 0;
export const VARIABLES = 1;

/**
 * | where the declaration stands | who may call it before the first statement there   | becomes          |
 * |------------------------------|----------------------------------------------------|------------------|
 * | top level                    | a circular importer                                | pair             |
 * | function, block              | nobody                                             | variable         |
 * | `switch`                     | nobody, but entries are many                       | variable outside |
 * | namespace                    | nobody, but it may only export a declaration       | placeholder      |
 */
export function compileDeclaration(ctx: FileContext, path: Declaration): void {
  if (path.inList && isReplaced(path.node, path.siblings)) return;
  const { type } = path.parent;
  const isExport = type === 'ExportNamedDeclaration' || type === 'ExportDefaultDeclaration';
  const place = isExport ? path.parentPath!.parentPath! : path.parentPath!;
  switch (place.node.type) {
    case 'Program':
      return makePair(ctx, path, isSloppy(ctx, path.parentPath!));
    case 'TSModuleBlock':
      return placeholder(ctx, path, place.node);
    case 'SwitchCase':
      return outside(ctx, path, place.parentPath as Path<t.SwitchStatement>);
    default:
      return variable(ctx, path, place as Path<Block>);
  }
}

/** Of each list of statements, the last function with each name. */
const lastOnes = new WeakMap<readonly t.Node[], Map<string, t.Node>>();

/** Of two functions with one name in one scope the later one is the function. */
export function isReplaced(node: t.FunctionDeclaration, siblings: readonly t.Node[]): boolean {
  let last = lastOnes.get(siblings);
  if (last === undefined) {
    last = new Map();
    for (const each of siblings)
      if (each.type === 'FunctionDeclaration' && each.id) last.set(each.id.name, each);
    lastOnes.set(siblings, last);
  }
  return last.get(node.id!.name) !== node;
}

/**
 * Lets a declaration stay where it stands and makes an expression of it that can be used from the
 * top of its block on:
 *
 *     function _gen2(){return async function* gen() {} }
 *
 * is hoisted as the declaration was. The function keeps its own text, unless it says its own name:
 * there that is the variable of the block, which may be assigned.
 *
 * @returns the expression, and whether that is an object with the function as its only member.
 */
export function holdFunction(
  ctx: FileContext,
  node: t.FunctionDeclaration,
): { value: string; holder: string; isHeld: boolean } {
  const { edits, code } = ctx;
  const { name } = node.id!;
  const holder = ctx.uid(name);
  ctx.renamed[holder] = null;
  const text = code.slice(node.id!.end!, node.end!);
  const saysItself = text.includes(name) || /\\u|\beval\b/.test(text);
  if (!saysItself) {
    edits.wrap(node, `function ${holder}(){return `, '}');
    return { value: `${holder}()`, holder, isHeld: false };
  }
  if (isOutsideBmp(name)) {
    edits.wrap(node, `function ${holder}(){return `, '}');
    edits.replace(node.id!, '');
    return { value: `${holder}()`, holder, isHeld: false };
  }
  edits.wrap(node, `function ${holder}(){return{${ownKey(name)}:`, '}}');
  edits.replace(node.id!, '');
  return { value: `${holder}()${member(name)}`, holder, isHeld: true };
}

const PLAIN = /^[A-Za-z_$][\w$]*$/;

/** A key that gives an anonymous function its name: `__proto__: v` would set the prototype. */
export const ownKey = (name: string): string => {
  if (name === '__proto__') return '["__proto__"]';
  return PLAIN.test(name) ? name : quoted(name);
};

const member = (name: string): string => (PLAIN.test(name) ? `.${name}` : `[${quoted(name)}]`);

/** `fn(…, location)` of a declaration that `holdFunction` holds. */
function made(ctx: FileContext, node: t.FunctionDeclaration): string {
  const { name } = node.id!;
  const location = ctx.location(node, name);
  const { holder } = holdFunction(ctx, node);
  if (isOutsideBmp(name))
    return `${ctx.shim('same')}(${holder}()${ctx.rest(location, quoted(name))})`;
  return `${ctx.shim('fn')}(${holder}()${ctx.rest(location)})`;
}

/**
 *     var gen = fn({ gen: async function* () {} }, 'file:1:0');
 */
function variable(ctx: FileContext, path: Declaration, place: Path<Block>): void {
  const { node } = path;
  const block = place.node;
  const isFunctionBody =
    block.type !== 'BlockStatement' || (place.key === 'body' && isFunctionPath(place));
  const kind = isFunctionBody ? 'var' : 'let';
  const text = `${kind} ${node.id!.name} = ${made(ctx, node)};`;
  ctx.top(openOf(ctx, block), directivesOf(block), text, VARIABLES + node.start!);
}

const isFunctionPath = ({ parent }: Path): boolean => 'params' in parent;

/** Where what opens a block ends. */
export const openOf = ({ code }: FileContext, block: Block | t.Program): number =>
  block.type === 'StaticBlock'
    ? find(code, '{', block.start! + 'static'.length) + 1
    : block.start! + 1;

export const directivesOf = (block: t.Node): t.Directive[] | undefined =>
  (block as t.BlockStatement).directives;

/**
 *     export function gen() {} function _gen2(){return async function* () {} }
 *
 * An empty function takes the place of the declaration, which a namespace may export, behind an
 * assignment at its top:
 *
 *     gen = fn(_gen2(), 'file:1:0');
 */
function placeholder(ctx: FileContext, { node }: Declaration, place: t.TSModuleBlock): void {
  const { name } = node.id!;
  const value = made(ctx, node);
  ctx.edits.before(node, `function ${name}(){}`);
  ctx.top(openOf(ctx, place), undefined, `${name} = ${value};`, VARIABLES + node.start!);
}

/**
 *     {const _on = (x);{let gen;switch(_on) {
 *       case (gen = fn(_gen2(), 'file:1:0'), 0):
 *
 * The test of the first case is what every entry into a `switch` runs first, and it stands in the
 * scope of the cases. Without a test there is only `default`. What the `switch` asks for is
 * evaluated outside of the scope that has the variable.
 */
function outside(ctx: FileContext, { node }: Declaration, place: Path<t.SwitchStatement>): void {
  const { switches } = ctx;
  const { name } = node.id!;
  const assigned = switches.get(place.node) ?? [];
  if (assigned.length === 0) switches.set(place.node, assigned);
  assigned.push({ name, value: made(ctx, node) });
}

/** Puts the variables of `switch` statements in front of them, once all of them are known. */
export function surroundSwitches(ctx: FileContext): void {
  const { edits, code } = ctx;
  for (const [node, assigned] of ctx.switches) {
    const { start, end, discriminant, cases } = node;
    const on = ctx.uid('on');
    edits.replace({ start: start!, end: start! + 'switch'.length }, `{const ${on} = `);
    // Its parentheses are those of the `switch`, and maybe more.
    let close = gapEnd(code, discriminant.end!);
    while (code[close] !== '{') close = gapEnd(code, close + 1);
    const names = assigned.map(({ name }) => name).join(', ');
    edits.top(close, `;{let ${names};switch(${on})`);
    edits.after({ start, end }, '}}');
    const assignments = assigned.map(({ name, value }) => `${name} = ${value}`).join(', ');
    const tested = cases.find(({ test }) => test);
    if (tested) edits.wrap(tested.test!, `(${assignments}, `, ')', -1);
    else {
      const colon = find(code, ':', cases[0]!.start! + 'default'.length);
      edits.top(colon + 1, `${assignments};`);
    }
  }
}
