import type * as t from '@babel/types';
import { countedParams } from '../syntax/nodes.js';
import type { FileContext } from './context.js';
import type { Path } from './path.js';
import { find, quoted } from './text.js';

/**
 * A declaration at the top level becomes two, both hoisted, in its place:
 *
 *     function gen(_x){return _wrap(new.target || _apply(_gen, this, arguments), _genRecord || (_definitions(), _genRecord));}async function* _gen(x) {}
 *
 * The record is set by `_definitions`, which the module calls first of all, and a circular importer
 * may call before it.
 */
export function makePair(
  ctx: FileContext,
  { node }: Path<t.FunctionDeclaration>,
  isSloppy: boolean,
): void {
  const { edits, code } = ctx;
  const name = node.id?.name ?? 'default';
  const visible = node.id ? code.slice(node.id.start!, node.id.end!) : ctx.uid(name);
  const inner = ctx.uid(name);
  ctx.renamed[inner] = name;
  const record = ctx.uid(`${name}Record`);
  const rest = ctx.rest(ctx.location(node, name), node.id ? undefined : quoted(name));
  const define = `${ctx.shim('define')}(${visible}, ${inner}${rest})`;
  ctx.pairs.push({ record, define });

  const params = Array.from({ length: countedParams(node) }, (_, i) => ctx.param(i)).join(', ');
  const body = `${ctx.shim('wrap')}(new.target || ${ctx.shim('apply')}(${inner}, this, arguments)`;
  // A sloppy function has own `caller` and `arguments`; a generator function has not.
  const directive = isSloppy && mayBeStrict(name) ? '"use strict";' : '';
  edits.before(
    node,
    `function ${visible}(${params}){${directive}return ${body}, ${record} || (${ctx.definitions}(), ${record}));}`,
  );
  if (node.id) edits.replace(node.id, inner);
  else edits.fill(find(code, '*', node.start!) + 1, ` ${inner}`);
}

const RESERVED =
  /^(?:eval|arguments|implements|interface|let|package|private|protected|public|static|yield)$/;

/** Names that only sloppy functions may have. */
const mayBeStrict = (name: string): boolean => !RESERVED.test(name);
