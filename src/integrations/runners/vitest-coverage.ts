/**
 * Vitest's coverage by V8 walks the tree of the code that runs, after Vite has changed it, too, and asks of each node that it
 * would count whether to ignore it (`coverage.ignoreNode`, from Vitest 5 on). What the engine puts in (docs/emitted-code.md) is known by
 * its form there: by then the source map tells no more that it has no place.
 */

/** A node of ESTree, as far as it is read here. */
export interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

export type Ignored = boolean | 'ignore-this-and-nested-nodes' | undefined;
export type IgnoreNode = (node: Node, type: 'function' | 'statement' | 'branch') => Ignored;

const ALL = 'ignore-this-and-nested-nodes';
const MARKER = 'asyncgen-hooks';

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value;

const nodesIn = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

const nameOf = (value: unknown): string | undefined =>
  isNode(value) && value.type === 'Identifier' ? (value['name'] as string) : undefined;

/** The call of an export of the shim: `_fn(…)`, and `(0, __vi_import_0__.fn)(…)`, which Vite makes of it. */
function shimCall(value: unknown, ...names: string[]): Node | undefined {
  if (!isNode(value) || value.type !== 'CallExpression') return undefined;
  let callee = value['callee'] as Node;
  while (callee.type === 'ParenthesizedExpression') callee = callee['expression'] as Node;
  if (callee.type === 'SequenceExpression') callee = nodesIn(callee['expressions']).at(-1)!;
  const name =
    callee.type === 'MemberExpression' && nameOf(callee['object'])?.startsWith('__vi')
      ? nameOf(callee['property'])
      : /^(?:mockAsyncgenHooks)?_([a-z]+)\d*$/i.exec(nameOf(callee) ?? '')?.[1];
  return name !== undefined && names.includes(name) ? value : undefined;
}

const argumentsOf = (call: Node | undefined): Node[] => nodesIn(call?.['arguments']);

/** The only statement of a function, directives left out. */
function onlyStatement(fn: unknown): Node | undefined {
  const body = isNode(fn) && isNode(fn['body']) ? nodesIn(fn['body']['body']) : [];
  const statements = body.filter((each) => each['directive'] == null);
  return statements.length === 1 ? statements[0] : undefined;
}

const returned = (fn: unknown): unknown => {
  const statement = onlyStatement(fn);
  return statement?.type === 'ReturnStatement' ? statement['argument'] : undefined;
};

/** `function rows(_x) {return _wrap(new.target || _apply(_rows, this, arguments), …);}` */
const isVisible = (fn: Node): boolean => {
  const [first] = argumentsOf(shimCall(returned(fn), 'wrap'));
  return first?.type === 'LogicalExpression' && shimCall(first['right'], 'apply') !== undefined;
};

/** The calls of `function _definitions(){_rowsRecord = _define(rows, _rows, location); …}`. */
const definitionsIn = (fn: Node): Node[] =>
  (isNode(fn['body']) ? nodesIn(fn['body']['body']) : []).flatMap(({ expression }) => {
    const isSet = isNode(expression) && expression.type === 'AssignmentExpression';
    return (isSet && shimCall(expression['right'], 'define')) || [];
  });

/** `const _gen = _enter("asyncgen-hooks")` */
const isEnter = (declarator: unknown): boolean => {
  const [first] = isNode(declarator) ? argumentsOf(shimCall(declarator['init'], 'enter')) : [];
  return first?.['value'] === MARKER;
};

const isBody = (fn: unknown): fn is Node => {
  if (!isNode(fn) || fn['async'] !== true || fn['generator'] !== true || !isNode(fn['body']))
    return false;
  return nodesIn(fn['body']['body']).some((each) => nodesIn(each['declarations']).some(isEnter));
};

/** What `_gen2` returns of `function _gen2(){return async function* gen() {} }`, where a declaration stood. */
function held(fn: Node): unknown {
  const value = returned(fn);
  if (!isNode(value) || value.type !== 'ObjectExpression') return value;
  const properties = nodesIn(value['properties']);
  return properties.length === 1 ? properties[0]!['value'] : undefined;
}

/** @param own what the user's configuration has for the same. */
export function ignoreInserted(own?: IgnoreNode): IgnoreNode {
  /** Statements that are ours, and what stands in them not. */
  const known = new WeakSet<object>();
  /** The same with all that is in them. */
  const knownWhole = new WeakSet<object>();
  /** The identifiers of functions of pairs, by their names there: what they are called in the source. */
  let names = new Map<string | undefined, string | undefined>();
  /** What bodies of the file that is walked call their record: it stands in front of all that uses it. */
  let record: string | undefined;

  const isOfRecord = (value: unknown, method: string): boolean => {
    if (!isNode(value) || value.type !== 'CallExpression') return false;
    const callee = value['callee'] as Node;
    return nameOf(callee['object']) === record && nameOf(callee['property']) === method;
  };

  const isTry = (node: Node): boolean => {
    const last = isNode(node['finalizer']) ? nodesIn(node['finalizer']['body']) : [];
    if (last.length !== 1 || !isOfRecord(last[0]!['expression'], 'ended')) return false;
    knownWhole.add(last[0]!);
    const handler = (node['handler'] as Node)['body'] as Node;
    for (const each of nodesIn(handler['body'])) knownWhole.add(each);
    return true;
  };

  const ofFunction = (node: Node): Ignored => {
    if (node.type === 'MethodDefinition')
      return node['kind'] === 'get' && shimCall(returned(node['value']), 'same') ? ALL : undefined;
    if (node.type === 'Property') countAsFunction(node);
    if (node.type !== 'FunctionDeclaration') return undefined;
    const definitions = definitionsIn(node);
    if (definitions.length > 0)
      names = new Map(
        definitions.map(argumentsOf).map(([visible, inner]) => [nameOf(inner), nameOf(visible)]),
      );
    if (definitions.length > 0 || isVisible(node)) return ALL;
    const own = names.get(nameOf(node['id']));
    if (own !== undefined && isBody(node)) Object.assign(node['id'] as Node, { name: own });
    if (!isBody(held(node))) return undefined;
    known.add(onlyStatement(node)!);
    return true;
  };

  const ofStatement = (node: Node): Ignored => {
    if (node.type === 'VariableDeclarator') {
      if (isEnter(node)) {
        record = nameOf(node['id']);
        return ALL;
      }
      return isOfHeld(node['init']);
    }
    if (node.type === 'TryStatement') return isTry(node);
    if (node.type === 'CallExpression') return shimCall(node, 'method') !== undefined;
    if (node.type !== 'ExpressionStatement') return undefined;
    const expression = node['expression'] as Node;
    if (isOfRecord(expression, 'result')) return ALL;
    return isRecordsTest(expression) ? ALL : undefined;
  };

  return (node, type) => {
    if (knownWhole.has(node)) return ALL;
    if (known.has(node)) return true;
    const ours = type === 'function' ? ofFunction(node) : type === 'statement' && ofStatement(node);
    return ours || own?.(node, type);
  };
}

/** `_rowsRecord || _definitions()` */
const isRecordsTest = ({ type, left, right }: Node): boolean =>
  type === 'LogicalExpression' &&
  /Record\d*$/.test(nameOf(left) ?? '') &&
  isNode(right) &&
  /^_definitions/.test(nameOf(right['callee']) ?? '');

/** `fn(_gen2(), location)`, or `fn(_gen2().gen, location)` of older forms. */
function isOfHeld(value: unknown): boolean {
  let [first] = argumentsOf(shimCall(value, 'fn', 'same'));
  if (first?.type === 'MemberExpression') first = first['object'] as Node;
  return first?.type === 'CallExpression' && nameOf(first['callee'])?.startsWith('_') === true;
}

/**
 * In `fn({ name: async function* () {} })`, which gives the function its name, the property is counted in the place of the
 * function: how often it was evaluated, and at a key that stands nowhere. So it gets the place of the function.
 */
function countAsFunction(property: Node): void {
  const { key, value } = property as { key?: unknown; value?: unknown };
  if (property['method'] === true || !isBody(value) || !isNode(key)) return;
  const { start, end } = value as unknown as { start: number; end: number };
  Object.assign(property, { start, end });
  Object.assign(key, { start, end: start + 1 });
}
