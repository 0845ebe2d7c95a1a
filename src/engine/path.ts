import type * as t from '@babel/types';

/** Keys of a node that hold no nodes of the program. */
const NO_CHILDREN = new Set([
  'type',
  'start',
  'end',
  'loc',
  'extra',
  'errors',
  'comments',
  'tokens',
  'leadingComments',
  'trailingComments',
  'innerComments',
]);

type Value = t.Node | (t.Node | null)[] | string | boolean | null | undefined;

/** The nodes right in a node, in the parser's order. */
export function walk(node: t.Node): t.Node[] {
  const found: t.Node[] = [];
  for (const key in node) {
    if (NO_CHILDREN.has(key)) continue;
    const value = (node as unknown as Record<string, Value>)[key];
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) {
      if (typeof value.type === 'string') found.push(value);
      continue;
    }
    for (const each of value) if (each && typeof each.type === 'string') found.push(each);
  }
  return found;
}

/** A node and what is around it. */
export class Path<Node extends t.Node = t.Node> {
  constructor(
    readonly node: Node,
    readonly parentPath: Path | null,
    /** Where in its parent it stands: the key, of a list or of the node itself. */
    readonly key: string,
    readonly inList: boolean,
  ) {}

  get parent(): t.Node {
    return this.parentPath!.node;
  }

  /** The list that it stands in. */
  get siblings(): t.Node[] {
    return (this.parent as unknown as Record<string, t.Node[]>)[this.key]!;
  }
}

/** Calls `enter` for all that stands right in `path`. */
export function forEachChild(path: Path, enter: (child: Path) => void): void {
  const { node } = path;
  for (const key in node) {
    if (NO_CHILDREN.has(key)) continue;
    const value = (node as unknown as Record<string, Value>)[key];
    if (typeof value !== 'object' || value === null) continue;
    if (!Array.isArray(value)) {
      if (typeof value.type === 'string') enter(new Path(value, path, key, false));
      continue;
    }
    for (const each of value)
      if (each && typeof each.type === 'string') enter(new Path(each, path, key, true));
  }
}
