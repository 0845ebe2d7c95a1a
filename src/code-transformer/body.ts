import {
  block,
  call,
  id,
  isDirective,
  member,
  number,
  replace,
  statement,
  text,
  undefinedValue,
  variable,
  walkOwn,
  type Node,
} from './nodes.js';

/** Names that are free in the file. */
export interface BodyNames {
  readonly gen: string;
  readonly error: string;
  readonly enter: string;
}

/** Puts the calls of docs/emitted-code.md into the body of a generator function. */
export function compileBody(fn: Node, names: BodyNames): void {
  const body = fn.body as Node & { body: Node[] };
  const tell = (method: string, ...args: Node[]): Node =>
    call(member(id(names.gen), method), ...args);
  let keepsRecord = false;
  walkOwn(body, (node) => {
    const line = number((node.loc as { start: { line: number } } | undefined)?.start.line ?? 0);
    const argument = node.argument as Node | null | undefined;
    if (node.type === 'YieldExpression') {
      const value = argument ?? undefinedValue();
      if (node.delegate === true) keepsRecord = true;
      node.argument = tell(node.delegate === true ? 'from' : 'item', value, line);
    } else if (node.type === 'ForOfStatement' && node.await === true) {
      keepsRecord = true;
      node.right = tell('over', node.right as Node);
    } else if (node.type === 'ReturnStatement') {
      if (argument) node.argument = tell('result', argument);
      // Without an argument it takes a microtask less.
      else replace(node, block([statement(tell('result')), { ...node }]));
    }
  });
  const directives = body.body.filter(isDirective);
  const statements = body.body.filter((each) => !isDirective(each));
  hoistContested(fn, statements);
  const keeps: Node = { type: 'Literal', value: true, raw: 'true' };
  const entering = call(id(names.enter), text('asyncgen-hooks'), ...(keepsRecord ? [keeps] : []));
  const error = id(names.error);
  fn.body = block([
    ...directives,
    variable('const', id(names.gen), entering),
    {
      type: 'TryStatement',
      block: block([...statements, statement(tell('result'))]),
      handler: {
        type: 'CatchClause',
        param: error,
        body: block([
          {
            type: 'IfStatement',
            test: tell('failed', error),
            consequent: { type: 'ThrowStatement', argument: error },
            alternate: null,
          },
        ]),
      },
      finalizer: block([statement(tell('ended'))]),
    },
  ]);
}

/**
 * In a block a function declaration has a scope of its own, and a second one of its name is an
 * error there: those become variables.
 */
function hoistContested(fn: Node, statements: Node[]): void {
  const declared = statements.filter(({ type }) => type === 'FunctionDeclaration');
  if (declared.length === 0) return;
  const names = new Map<string, number>();
  const count = (name: unknown): void =>
    void (typeof name === 'string' && names.set(name, (names.get(name) ?? 0) + 1));
  const countPattern = (pattern: Node): void => {
    if (pattern.type === 'Identifier') count(pattern.name);
    walkOwn(pattern, (node) => node.type === 'Identifier' && count(node.name));
  };
  for (const param of fn.params as Node[]) countPattern(param);
  let hasEval = false;
  walkOwn(fn.body as Node, (node) => {
    if (node.type === 'FunctionDeclaration') count((node.id as Node).name);
    if (node.type === 'VariableDeclaration' && node.kind === 'var')
      for (const { id: pattern } of node.declarations as Node[]) countPattern(pattern as Node);
    const callee = node.type === 'CallExpression' ? (node.callee as Node) : undefined;
    if (callee?.type === 'Identifier' && callee.name === 'eval') hasEval = true;
  });
  const contested = declared.filter(
    (each) => hasEval || names.get((each.id as Node).name as string)! > 1,
  );
  for (const each of contested) statements.splice(statements.indexOf(each), 1);
  statements.unshift(
    ...contested.map((each) =>
      variable('var', each.id as Node, { ...each, type: 'FunctionExpression', id: null }),
    ),
  );
}
