import type * as t from '@babel/types';

/**
 * What both compilers ask of nodes. Neither has `@babel/types` here: the Babel plugin gets it from
 * Babel, and the engine does without.
 */

/** Gives the nodes right in a node, in any order. Each compiler brings its own. */
export type Walk = (node: t.Node) => Iterable<t.Node>;

/** A generator function as the source has it: a declaration, an expression or a method. */
export type GeneratorFunction =
  | t.FunctionDeclaration
  | t.FunctionExpression
  | t.ObjectMethod
  | t.ClassMethod
  | t.ClassPrivateMethod;

const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
]);

export const isFunction = (node: t.Node): node is t.Function => FUNCTIONS.has(node.type);

export const isGeneratorFunction = (node: t.Node): node is GeneratorFunction =>
  isFunction(node) && node.async === true && node.generator === true;

export const isIdentifier = (
  node: t.Node | null | undefined,
  name?: string,
): node is t.Identifier =>
  node?.type === 'Identifier' && (name === undefined || node.name === name);

/** Whether `node` is `object.property`, both by their names. */
export const isMember = (
  node: t.Node | null | undefined,
  object: string,
  property: string,
): boolean =>
  node?.type === 'MemberExpression' &&
  !node.computed &&
  isIdentifier(node.object, object) &&
  isIdentifier(node.property, property);

export const isString = (node: t.Node | null | undefined, value: string): boolean =>
  node?.type === 'StringLiteral' && node.value === value;

/**
 * `Object.getPrototypeOf(async function* () {})` asks for an intrinsic, and nobody calls the
 * function. The shim asks so, and has to get the real one when it is compiled, too.
 */
const isIntrinsicLookup = (node: t.CallExpression): boolean =>
  node.arguments[0]?.type === 'FunctionExpression' &&
  isMember(node.callee, 'Object', 'getPrototypeOf');

/** Vitest lifts it above all imports, where the runtime is not there yet. */
const isLifted = ({ callee }: t.CallExpression): boolean =>
  isMember(callee, 'vi', 'hoisted') || isMember(callee, 'vitest', 'hoisted');

/** Whether what stands in a call is to be left alone. */
export const isLeftAlone = (node: t.Node): boolean =>
  node.type === 'CallExpression' && (isIntrinsicLookup(node) || isLifted(node));

/** Whether a file imports the shim already: it was compiled before. */
export const importsShim = (
  { body }: t.Program,
  isSource: (source: string) => boolean,
): boolean => {
  const isShim = (node: t.Node | null | undefined): boolean =>
    node?.type === 'StringLiteral' && isSource(node.value);
  return body.some((statement) => {
    if (statement.type === 'ImportDeclaration') return isShim(statement.source);
    if (statement.type !== 'VariableDeclaration') return false;
    return statement.declarations.some(
      ({ init }) =>
        init?.type === 'CallExpression' &&
        (isIdentifier(init.callee, 'require') || isMember(init.callee, 'module', 'require')) &&
        isShim(init.arguments[0]),
    );
  });
};

/** The names that a pattern declares. */
export function boundNames(pattern: t.Node | null | undefined): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return boundNames(pattern.left);
    case 'RestElement':
      return boundNames(pattern.argument);
    case 'ArrayPattern':
      return pattern.elements.flatMap(boundNames);
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) =>
        boundNames(each.type === 'RestElement' ? each : each.value),
      );
    case 'TSParameterProperty':
      return boundNames(pattern.parameter);
    default:
      return [];
  }
}

/** The parameters that `Function.prototype.length` counts. */
export function countedParams({ params }: t.Function): number {
  const own = params.filter((param) => !isIdentifier(param, 'this'));
  const end = own.findIndex(({ type }) => type === 'AssignmentPattern' || type === 'RestElement');
  return end < 0 ? own.length : end;
}
