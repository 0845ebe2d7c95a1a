import type * as t from '@babel/types';
import { functionsDeclaredTwice, leaves, MARKER, OUTER_KEYS } from '../syntax/bodies.js';
import type { GeneratorFunction } from '../syntax/nodes.js';
import type { FileContext } from './context.js';
import { holdFunction, isReplaced, VARIABLES } from './declarations.js';
import { forEachChild, Path, walk } from './path.js';

/** What the body of a generator function has in it, nested functions left out. */
interface Found {
  readonly yields: { path: Path<t.YieldExpression>; statement: t.Statement | undefined }[];
  readonly returns: Path<t.ReturnStatement>[];
  readonly loops: t.ForOfStatement[];
}

/**
 * Lets the body of a generator function tell what it does (docs/emitted-code.md):
 *
 *     {const _gen = _enter("asyncgen-hooks");try{ … ;_gen.result();}catch(_error){…}finally{_gen.ended()}}
 *
 * Line breaks and semicolons that the parser put in by itself are those of before: where a
 * statement without a semicolon ends in something that we put around its end, it gets one.
 */
export function tellLife(ctx: FileContext, path: Path<GeneratorFunction>): void {
  const { edits, code } = ctx;
  const body = path.node.body as t.BlockStatement;
  const found = find(new Path(body, path, 'body', false));
  const signals = ctx.signalsOf(path.node);
  const id = ctx.body;

  for (const { path, statement } of found.yields) {
    const { node } = path;
    const line = ctx.rest(ctx.line(node));
    if (node.argument) {
      wrap(ctx, node.argument, node.delegate ? 'from' : 'item', line);
      endStatement(ctx, statement, node.argument);
    } else {
      edits.fill(node.start! + 'yield'.length, `${id}.item(void 0${line})`);
      endStatement(ctx, statement, node);
    }
  }
  for (const { right } of found.loops) wrap(ctx, right, 'over');
  for (const { node } of signals) edits.replace(node.callee, `${id}.signal`);
  for (const each of found.returns) {
    const { argument } = each.node;
    if (argument) {
      wrap(ctx, argument, 'result');
      endStatement(ctx, each.node, argument);
    } else tellBefore(ctx, each);
  }

  const open = body.start! + 1;
  const isWhole =
    signals.length > 0 ||
    found.loops.length > 0 ||
    found.yields.some(({ path }) => path.node.delegate);
  const enter = `${ctx.shim('enter')}("${MARKER}"${isWhole ? ', true' : ''})`;
  ctx.top(open, body.directives, `const ${id} = ${enter};try{`, -Infinity);
  for (const fn of functionsDeclaredTwice(path.node, isSloppy(ctx, path), walk)) {
    if (ctx.compiled.has(fn) && !isReplaced(fn, body.body)) continue;
    const held = holdFunction(ctx, fn);
    ctx.top(open, body.directives, `var ${fn.id!.name} = ${held.value};`, VARIABLES + fn.start!);
  }
  const last = body.body.at(-1);
  const end = leaves(body, walk) ? '' : `${endsBare(code, last) ? ';' : ''}${id}.result();`;
  if (last && COUNTED_BEHIND.has(last.type)) ctx.tails.push([last.end!, body.end! - 1]);
  const { error } = ctx;
  edits.close(body.end! - 1, `${end}}catch(${error}){if(${id}.failed(${error}))throw ${error};`);
  edits.close(body.end! - 1, `}`, last && last.end! - 1);
  edits.close(body.end! - 1, `finally{${id}.ended();}`);
}

/** `argument` becomes `_gen.name(argument, line)`. */
function wrap({ edits, body }: FileContext, argument: t.Node, name: string, rest = ''): void {
  const isList = argument.type === 'SequenceExpression';
  const [open, close] = isList ? ['((', '))'] : ['(', ')'];
  const after = isList ? `)${rest})` : `${rest}${close}`;
  edits.wrap(argument, `${body}.${name}${open}`, after);
}

/**
 * `yield x => x` and a line that begins with a bracket are two statements; with a bracket of ours
 * behind the first they would be a call.
 */
function endStatement({ edits }: FileContext, statement: t.Node | undefined, last: t.Node): void {
  if (statement && statement.end === last.end) edits.endStatement(statement);
}

const endsBare = (code: string, statement: t.Node | undefined): boolean =>
  statement !== undefined && code[statement.end! - 1] !== ';';

/** `return;` → `_gen.result(); return;`, in a block of its own where only one statement may stand. */
function tellBefore({ edits, code, body }: FileContext, path: Path<t.ReturnStatement>): void {
  const { node } = path;
  const tell = `${body}.result();`;
  if (!path.inList) {
    // A block that never ran is counted from its first brace on, and what comes behind it from its last.
    edits.before(node, `{${tell}`, node.start!);
    edits.after(node, '}', node.end! - 1);
    return;
  }
  const before = path.siblings[path.siblings.indexOf(node) - 1];
  const needsEnd = before && !/[;}]/.test(code[before.end! - 1]!);
  edits.before(node, (needsEnd ? ';' : '') + tell);
}

/** Whether code outside of modules is not strict where a function stands. */
export function isSloppy({ isModule }: FileContext, path: Path): boolean {
  if (isModule) return false;
  for (let at: Path | null = path; at; at = at.parentPath) {
    const { node } = at;
    if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') return false;
    const body =
      node.type === 'Program' ? node : 'body' in node ? (node.body as t.Node) : undefined;
    const directives = (body as t.BlockStatement | undefined)?.directives;
    if (directives?.some(({ value }) => value.value === 'use strict')) return false;
  }
  return true;
}

/** What comes behind these V8 counts apart, unless they are the last ones of a function. */
const COUNTED_BEHIND = new Set([
  'BlockStatement',
  'IfStatement',
  'LabeledStatement',
  'ReturnStatement',
  'SwitchStatement',
  'ThrowStatement',
  'TryStatement',
]);

/** Statements that end where their last expression does, if no semicolon follows. */
const OPEN_ENDED = new Set(['ExpressionStatement', 'ThrowStatement', 'VariableDeclaration']);

function find(body: Path): Found {
  const found: Found = { yields: [], returns: [], loops: [] };
  const visit = (path: Path, statement: t.Statement | undefined): void => {
    const { node } = path;
    let around = statement;
    switch (node.type) {
      case 'YieldExpression':
        found.yields.push({ path: path as Path<t.YieldExpression>, statement });
        break;
      case 'ReturnStatement':
        found.returns.push(path as Path<t.ReturnStatement>);
        around = node;
        break;
      case 'ForOfStatement':
        if (node.await) found.loops.push(node);
        break;
    }
    if (OPEN_ENDED.has(node.type)) around = node as t.Statement;
    const keys = OUTER_KEYS[node.type];
    const isHead = node.type.startsWith('For');
    forEachChild(path, (child) => {
      if (keys && !keys.includes(child.key)) return;
      // What is declared in the head of a loop ends with no semicolon of its own.
      if (isHead && child.node.type === 'VariableDeclaration')
        forEachChild(child, (inner) => visit(inner, undefined));
      else visit(child, around);
    });
  };
  visit(body, undefined);
  return found;
}
