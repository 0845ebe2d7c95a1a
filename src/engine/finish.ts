import { isPragma } from '../syntax/comments.js';
import type * as t from '@babel/types';
import type { FileContext } from './context.js';
import { surroundSwitches } from './declarations.js';
import { swapMethods } from './methods.js';
import { quoted } from './text.js';

/** Puts in what belongs around or above the functions. */
export function finish(ctx: FileContext, comments: readonly t.Comment[]): void {
  swapMethods(ctx);
  surroundSwitches(ctx);
  if (ctx.imports.size > 0) placeTop(ctx, comments);
}

/**
 *     import { apply as _apply, … } from "asyncgen-hooks/shim";var _genRecord;_genRecord || _definitions();function _definitions(){_genRecord = _define(…);}
 *
 * all on the first line, in front of all other imports: in a circle of modules the shim has to be
 * there before any member of the circle runs. Only a hashbang, directives, and comments that hold
 * for the whole file go before.
 */
function placeTop(ctx: FileContext, comments: readonly t.Comment[]): void {
  const { directives, body } = ctx.program.node;
  const at = topOf(ctx, body[0]?.start ?? ctx.code.length, comments);
  const top = (text: string): void => ctx.top(at, directives, text);
  top(importShim(ctx));
  if (ctx.keys.length > 0) top(`var ${ctx.keys.join(', ')};`);
  if (ctx.pairs.length === 0) return;
  const { definitions, pairs } = ctx;
  const records = pairs.map(({ record }) => record);
  const defined = pairs.map(({ record, define }) => `${record} = ${define};`).join('');
  // A circular importer may have run them.
  top(`var ${records.join(', ')};${records[0]!} || ${definitions}();`);
  top(`function ${definitions}(){${defined}}`);
}

const BREAK = /\r\n|[\n\r\u2028\u2029]/y;

/** Where the file begins, behind the byte order mark, a hashbang, and comments that hold for all of it. */
function topOf(
  { code, program }: FileContext,
  first: number,
  comments: readonly t.Comment[],
): number {
  let at = code.startsWith('\uFEFF') ? 1 : 0;
  const { interpreter } = program.node;
  if (interpreter) at = behindBreak(code, interpreter.end!);
  for (const comment of comments) {
    if (comment.start! >= first) break;
    if (!isPragma(comment)) continue;
    at = comment.type === 'CommentLine' ? behindBreak(code, comment.end!) : comment.end!;
  }
  return at;
}

function behindBreak(code: string, at: number): number {
  BREAK.lastIndex = at;
  return BREAK.test(code) ? BREAK.lastIndex : at;
}

function importShim(ctx: FileContext): string {
  const { importSource } = ctx;
  const names = [...ctx.imports].sort(([a], [b]) => (a < b ? -1 : 1));
  if (ctx.isModule) {
    const list = names.map(([name, local]) => `${name} as ${local}`).join(', ');
    return `import { ${list} } from ${quoted(importSource)};`;
  }
  const list = names.map(([name, local]) => `${name}: ${local}`).join(', ');
  return `const { ${list} } = ${requireFunction(ctx)}(${quoted(importSource)});`;
}

/** `module.require` where a function of the program took the place of Node's `require`. */
const requireFunction = ({ program }: FileContext): string =>
  program.node.body.some(
    (node) => node.type === 'FunctionDeclaration' && node.id?.name === 'require',
  )
    ? 'module.require'
    : 'require';
