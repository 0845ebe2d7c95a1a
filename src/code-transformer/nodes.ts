/** A node of ESTree, as far as it is looked into here. */
export interface Node {
  type: string;
  [key: string]: unknown;
}

export const id = (name: string): Node => ({ type: 'Identifier', name });

export const text = (value: string): Node => ({
  type: 'Literal',
  value,
  raw: JSON.stringify(value),
});

export const number = (value: number): Node => ({ type: 'Literal', value, raw: String(value) });

export const undefinedValue = (): Node => ({
  type: 'UnaryExpression',
  operator: 'void',
  prefix: true,
  argument: number(0),
});

export const call = (callee: Node, ...args: Node[]): Node => ({
  type: 'CallExpression',
  callee,
  arguments: args,
  optional: false,
});

export const member = (object: Node, name: string): Node => ({
  type: 'MemberExpression',
  object,
  property: id(name),
  computed: false,
  optional: false,
});

export const statement = (expression: Node): Node => ({ type: 'ExpressionStatement', expression });

export const returns = (argument: Node): Node => ({ type: 'ReturnStatement', argument });

export const block = (body: Node[]): Node => ({ type: 'BlockStatement', body });

export const variable = (kind: 'var' | 'let' | 'const', left: Node, init: Node | null): Node => ({
  type: 'VariableDeclaration',
  kind,
  declarations: [{ type: 'VariableDeclarator', id: left, init }],
});

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

export const isFunction = ({ type }: Node): boolean =>
  type === 'FunctionDeclaration' ||
  type === 'FunctionExpression' ||
  type === 'ArrowFunctionExpression';

export const isDirective = (node: Node): boolean => typeof node.directive === 'string';

/** Puts `made` in the place of `node`, which others refer to. */
export function replace(node: Node, made: Node): void {
  for (const key of Object.keys(node)) Reflect.deleteProperty(node, key);
  Object.assign(node, made);
}

/** The nodes right in `node`, in their order. */
export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    // What a class computes at its definition belongs to the function around, and nothing else of it.
    const isOwnScope =
      (node.type === 'PropertyDefinition' || node.type === 'MethodDefinition') && key === 'value';
    if (isOwnScope || (key === 'key' && node.computed !== true)) continue;
    for (const each of Array.isArray(value) ? value : [value])
      if (isNode(each)) children.push(each);
  }
  return children;
}

/** Calls `visit` for what belongs to the same function as `node`, children first. */
export function walkOwn(node: Node, visit: (node: Node) => void): void {
  for (const child of childrenOf(node)) {
    if (child.type === 'StaticBlock') continue;
    if (!isFunction(child)) walkOwn(child, visit);
    visit(child);
  }
}

/** All names that stand anywhere in `node`. */
export function namesIn(node: Node, names = new Set<string>()): Set<string> {
  if (typeof node.name === 'string') names.add(node.name);
  for (const value of Object.values(node))
    for (const each of Array.isArray(value) ? value : [value])
      if (isNode(each)) namesIn(each, names);
  return names;
}
