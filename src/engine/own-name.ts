import type * as t from '@babel/types';
import type { FileContext } from './context.js';
import type { Path } from './path.js';
import { referencesTo } from './scopes.js';

/** Nearer to a name than anything else that is put around it. */
const AROUND_NAME = 2;

/**
 * Inside a function expression its own name is the inner function. Lets each place that reads it
 * see the visible one: `same(self)`.
 * @returns whether there is such a place.
 */
export function showToItself(ctx: FileContext, path: Path<t.FunctionExpression>): boolean {
  const { id } = path.node;
  if (!id || !mayNameItself(ctx, path.node, id)) return false;
  const references = referencesTo(id.name, path).filter(isShown);
  const tags: Path<t.JSXIdentifier>[] = [];
  for (const reference of references) {
    const { node, parent } = reference;
    if (node.type === 'JSXIdentifier') {
      tags.push(reference as Path<t.JSXIdentifier>);
      continue;
    }
    const isShort = parent.type === 'ObjectProperty' && parent.shorthand;
    const label = isShort ? `${ctx.code.slice(node.start!, node.end!)}: ` : '';
    ctx.edits.wrap(node, `${label}${ctx.shim('same')}(`, ')', AROUND_NAME);
  }
  if (tags.length > 0) renameTags(ctx, path, tags);
  return references.length > 0;
}

/** A look at the text: most functions do not. */
function mayNameItself({ code }: FileContext, fn: t.Node, id: t.Identifier): boolean {
  const text = code.slice(id.end!, fn.end!);
  return text.includes(id.name) || text.includes('\\u');
}

/** Not where the name is updated (that fails or does nothing), or deleted. */
const isShown = ({ parent }: Path): boolean =>
  parent.type !== 'UpdateExpression' &&
  !(parent.type === 'UnaryExpression' && parent.operator === 'delete');

/**
 *     const _Self = same(Self);
 *
 * A tag is a name and cannot be a call.
 */
function renameTags(
  ctx: FileContext,
  path: Path<t.FunctionExpression>,
  tags: Path<t.JSXIdentifier>[],
): void {
  const { edits } = ctx;
  const { body, id } = path.node;
  const inBody = tags.filter(({ node }) => node.start! > body.start!);
  if (inBody.length === 0) return;
  const local = ctx.uid(id!.name);
  for (const tag of inBody) {
    edits.replace(tag.node, local);
    let opening: Path = tag;
    while (opening.node.type !== 'JSXOpeningElement') opening = opening.parentPath!;
    const { closingElement } = opening.parent as t.JSXElement;
    let closing: t.Node | undefined = closingElement?.name;
    while (closing?.type === 'JSXMemberExpression') closing = closing.object;
    if (closing) edits.replace(closing, local);
  }
  const text = `const ${local} = ${ctx.shim('same')}(${id!.name});`;
  ctx.top(body.start! + 1, body.directives, text);
}
