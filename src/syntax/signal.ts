import type * as t from '@babel/types';
import { isIdentifier, isString } from './nodes.js';

/** The module whose `asyncGenSignal` is meant. */
const MODULE = 'asyncgen-hooks';
const NAME = 'asyncGenSignal';

/** Whether a text may call `asyncGenSignal()`. */
export const mayHaveSignals = (code: string): boolean => code.includes(NAME);

/** `signal.asyncGenSignal`, where `signal` is the whole module. */
export const isSignalMember = (node: t.Node): boolean =>
  node.type === 'MemberExpression' && isIdentifier(node.property, NAME);

/** `import * as hooks`, `const hooks = require()` */
export function isWholeModule(node: t.Node, parent: t.Node): boolean {
  if (node.type === 'ImportNamespaceSpecifier') return isOurs(parent);
  return node.type === 'VariableDeclarator' && isIdentifier(node.id) && isRequire(node.init);
}

/** `import { asyncGenSignal as signal }`, `const { asyncGenSignal: signal } = require()` */
export function isSignal(node: t.Node, parent: t.Node, name: string): boolean {
  if (node.type === 'ImportSpecifier')
    return isIdentifier(node.imported, NAME) && node.local.name === name && isOurs(parent);
  return (
    node.type === 'VariableDeclarator' &&
    isRequire(node.init) &&
    node.id.type === 'ObjectPattern' &&
    node.id.properties.some(
      (property) =>
        property.type === 'ObjectProperty' &&
        isIdentifier(property.key, NAME) &&
        isIdentifier(property.value, name),
    )
  );
}

const isOurs = (node: t.Node): boolean =>
  node.type === 'ImportDeclaration' && isString(node.source, MODULE);

const isRequire = (node: t.Node | null | undefined): boolean =>
  node?.type === 'CallExpression' &&
  isIdentifier(node.callee, 'require') &&
  isString(node.arguments[0], MODULE);
