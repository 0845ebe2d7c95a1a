import type * as t from '@babel/types';
import { boundNames, isFunction } from '../syntax/nodes.js';
import { forEachChild, type Path } from './path.js';

/**
 * Answers for one name at a time, and only for files that ask: most have no function that refers to
 * itself by its own name, and no `asyncGenSignal`.
 */

/**
 * The places below `root` that read `name`, as `root` has it: where something between declares it
 * anew, they are others'. What only assigns it is left out; `x++` and `delete x` are not.
 */
export function referencesTo(name: string, root: Path): Path[] {
  const found: Path[] = [];
  const visit = (path: Path): void => {
    const { node } = path;
    if ((node.type === 'Identifier' || node.type === 'JSXIdentifier') && node.name === name) {
      if (isRead(path)) found.push(path);
      if (node.type === 'JSXIdentifier') return;
    }
    if (isType(node) || node.type === 'ImportDeclaration') return;
    if (path !== root && declares(node, name)) {
      // A key, a decorator and a parent class belong to what is around.
      forEachChild(path, (child) => isOutside(child) && visit(child));
      return;
    }
    if (isFunction(node) && bodyDeclares(node, name)) {
      forEachChild(path, (child) => child.key !== 'body' && visit(child));
      return;
    }
    forEachChild(path, visit);
  };
  visit(root);
  return found;
}

const isOutside = ({ key, parent }: Path): boolean =>
  (isFunction(parent) && (key === 'key' || key === 'decorators')) ||
  (parent.type === 'SwitchStatement' && key === 'discriminant') ||
  ((parent.type === 'ClassExpression' || parent.type === 'ClassDeclaration') &&
    key === 'decorators');

/** Whether what stands in a node is in the scope of a `name` that the node declares. */
export function declares(node: t.Node, name: string): boolean {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'ArrowFunctionExpression':
    case 'ObjectMethod':
    case 'ClassMethod':
    case 'ClassPrivateMethod':
      return node.params.some((param) => boundNames(param).includes(name));
    case 'FunctionExpression':
      return (
        node.id?.name === name || node.params.some((param) => boundNames(param).includes(name))
      );
    case 'ClassExpression':
    case 'ClassDeclaration':
      return node.id?.name === name;
    case 'CatchClause':
      return boundNames(node.param).includes(name);
    case 'ForStatement':
      return isDeclaring(node.init, name);
    case 'ForInStatement':
    case 'ForOfStatement':
      return isDeclaring(node.left, name);
    case 'SwitchStatement':
      return node.cases.some(({ consequent }) => isDeclaredIn(consequent, name));
    case 'Program':
    case 'BlockStatement':
    case 'StaticBlock':
    case 'TSModuleBlock':
      return isDeclaredIn(node.body, name);
    default:
      return false;
  }
}

const isDeclaredIn = (statements: readonly t.Statement[], name: string): boolean =>
  statements.some((statement) => isDeclaring(statement, name));

/** Whether a statement declares a name for the statements around it; of `var` only right here. */
function isDeclaring(node: t.Node | null | undefined, name: string): boolean {
  switch (node?.type) {
    case 'VariableDeclaration':
      return node.declarations.some(({ id }) => boundNames(id).includes(name));
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'TSEnumDeclaration':
      return node.id?.name === name;
    case 'TSModuleDeclaration':
      return node.id.type === 'Identifier' && node.id.name === name;
    case 'TSImportEqualsDeclaration':
      return node.id.name === name;
    case 'ExportNamedDeclaration':
    case 'ExportDefaultDeclaration':
      return isDeclaring(node.declaration, name);
    case 'ImportDeclaration':
      return node.specifiers.some(({ local }) => local.name === name);
    default:
      return false;
  }
}

/** Whether a `var` or a declaration of a function's body has a name. */
export function bodyDeclares({ body }: t.Function, name: string): boolean {
  return body.type === 'BlockStatement' && (declares(body, name) || hasVar(body, name));
}

/** Where a node has statements, and what a statement declares. */
const STATEMENTS = [
  'body',
  'block',
  'handler',
  'finalizer',
  'consequent',
  'alternate',
  'cases',
  'init',
  'left',
  'declaration',
];

export function hasVar(root: t.Node, name: string): boolean {
  for (const key of STATEMENTS) {
    const value = (root as unknown as Record<string, t.Node | t.Node[] | null | undefined>)[key];
    if (value && (Array.isArray(value) ? value : [value]).some((node) => isVarIn(node, name)))
      return true;
  }
  return false;
}

function isVarIn(node: t.Node, name: string): boolean {
  if (isFunction(node) || node.type === 'StaticBlock' || node.type === 'ClassBody') return false;
  const isVar = node.type === 'VariableDeclaration' && node.kind === 'var';
  return (isVar && isDeclaring(node, name)) || hasVar(node, name);
}

/** By node, then by name. A file may ask for thousands of places in one node. */
const known = new WeakMap<t.Node, Map<string, boolean>>();

/** Whether anything around a place declares a name. */
export function isDeclaredAround(path: Path, name: string): boolean {
  for (let at = path.parentPath; at; at = at.parentPath) {
    const { node } = at;
    let names = known.get(node);
    if (names === undefined) known.set(node, (names = new Map<string, boolean>()));
    let isDeclared = names.get(name);
    if (isDeclared === undefined) {
      isDeclared =
        declares(node, name) ||
        (isFunction(node) && bodyDeclares(node, name)) ||
        (node.type === 'Program' && hasVar(node, name));
      names.set(name, isDeclared);
    }
    if (isDeclared) return true;
  }
  return false;
}

const EXPRESSIONS_OF_TYPES = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'TSExportAssignment',
  'TSEnumDeclaration',
  'TSEnumBody',
  'TSEnumMember',
  'TSModuleDeclaration',
  'TSModuleBlock',
  'TSParameterProperty',
]);

const FLOW =
  /^(?:Type(?:Annotation|Alias|Parameter)|Declare|Interface|Opaque|GenericType|.*TypeAnnotation$)/;

const isType = ({ type }: t.Node): boolean =>
  (type.startsWith('TS') && !EXPRESSIONS_OF_TYPES.has(type)) || FLOW.test(type);

/** Whether an identifier reads a variable: it is no key, label or declared name, and not only assigned. */
function isRead(path: Path): boolean {
  const { node, key, parentPath } = path;
  const { parent } = path;
  switch (parent.type) {
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return key === 'object' || parent.computed;
    case 'JSXMemberExpression':
      return key === 'object';
    case 'JSXAttribute':
    case 'JSXNamespacedName':
    case 'JSXClosingElement':
      return false;
    case 'JSXOpeningElement':
      return !/^[a-z]/.test((node as t.JSXIdentifier).name) && key === 'name';
    case 'ObjectProperty':
      if (key === 'key') return parent.computed;
      return parentPath!.parent.type !== 'ObjectPattern';
    case 'ObjectMethod':
    case 'ClassMethod':
      return key === 'key' && parent.computed;
    case 'ClassProperty':
    case 'ClassAccessorProperty':
      return key === 'value' || parent.computed;
    case 'PrivateName':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'RestElement':
    case 'ArrayPattern':
    case 'CatchClause':
    case 'MetaProperty':
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'ExportNamespaceSpecifier':
    case 'TSModuleDeclaration':
    case 'TSEnumDeclaration':
    case 'TSParameterProperty':
      return false;
    case 'TSEnumMember':
      return key === 'initializer';
    case 'ExportSpecifier':
      return key === 'local' && !(parentPath!.parent as t.ExportNamedDeclaration).source;
    case 'VariableDeclarator':
      return key === 'init';
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return key === 'right';
    case 'ForInStatement':
    case 'ForOfStatement':
      return key !== 'left';
    case 'FunctionDeclaration':
    case 'FunctionExpression':
      return false;
    case 'ArrowFunctionExpression':
      return key === 'body';
    case 'ClassDeclaration':
    case 'ClassExpression':
      return key === 'superClass';
    default:
      return !isType(parent);
  }
}
