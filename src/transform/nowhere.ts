import type * as t from '@babel/types';

const NO_POSITION = { line: undefined, column: undefined, index: undefined };

/**
 * The place of what stands nowhere in the source. Babel's printer gives a node without a place that
 * of what stands before it, and then tools that count V8's coverage through the source map take our
 * statements, branches and functions for the user's. With this one it prints a mapping to nothing.
 *
 * istanbul counts each statement and function that has a place, so only what it does not count may
 * have this one: blocks, `catch` clauses, declarations of variables, identifiers, fields.
 */
const NOWHERE = { start: NO_POSITION, end: NO_POSITION } as unknown as t.SourceLocation;

/** What is printed from `node` on, until something with a place comes, maps to nothing. */
export function putNowhere<Node extends t.Node>(node: Node): Node {
  node.loc = NOWHERE;
  return node;
}

/**
 * The same up to its end, which is that of `other`. V8's range for what follows a `return` or a
 * `throw` goes on to the end of the `catch` block, and ours for what follows the last statement of
 * the source (a `result()` that never ran) begins and ends at one place, and so counts for nothing.
 */
export function putNowhereUntilEndOf(node: t.Node, other: t.Node | undefined): void {
  node.loc = other?.loc ? { ...NOWHERE, end: other.loc.end } : NOWHERE;
}
