/**
 * The one place that knows what compilers leave where an async generator function was. They turn
 * it into a plain function that calls a helper; nothing of the language is left to hook.
 *
 * | compiler                     | what it leaves                                                       |
 * |------------------------------|----------------------------------------------------------------------|
 * | TypeScript, esbuild          | `__asyncGenerator(this, …)`, `tslib_1.__asyncGenerator(this, …)`      |
 * | Babel 7 and 8, Oxc, old SWC  | `_wrapAsyncGenerator(…)`, `(0, _wrapAsyncGenerator2.default)(…)`      |
 * | Babel 6                      | `asyncGenerator.wrap(…)`                                             |
 * | SWC                          | `_wrap_async_generator(…)`, `_wrap_async_generator._(…)`              |
 * | Babel's regenerator          | `_regeneratorAsyncGen(…)`; before 7.27 `regeneratorRuntime.async(…)` |
 *
 * A minifier renames the helper, but not the module that it is imported from.
 */
import type * as t from '@babel/types';
import { isFunction, isIdentifier, type Walk } from './nodes.js';

/** Every file that `hasLoweredGenerators` finds has one of these in its text. */
export const LOWERED_NAMES: readonly string[] = [
  '__asyncGenerator',
  'wrapAsyncGenerator',
  'wrap_async_generator',
  'egeneratorAsyncGen',
  'egeneratorRuntime.async(',
  'egeneratorRuntime().async(',
  'egenerator.default.async(',
  'asyncGenerator.wrap(',
  'helpers/asyncGenerator',
];

const HELPER =
  /^(?:_*(?:wrapAsyncGenerator|wrap_async_generator|regeneratorAsyncGen)|__+asyncGenerator)[$\d]*$/;
/** Not a relative one: packages of helpers load each other so. */
const HELPER_MODULE =
  /^(?!\.).*(?:^|\/)(?:_*(?:wrapAsyncGenerator|wrap_async_generator|regeneratorAsyncGen)|helpers\/(?:esm\/)?asyncGenerator)(?:\.[cm]?js)?$/;
const REGENERATOR = /^_*regenerator(?:Runtime)?[$\d]*$/;

/** A cheap test of the text, of linear time: without this nothing has to be looked at. */
export const mayHaveLowered = (code: string): boolean =>
  LOWERED_NAMES.some((name) => code.includes(name));

/** Whether the file calls or imports what a compiler put in the place of async generators. */
export function hasLoweredGenerators(program: t.Program, walk: Walk): boolean {
  const search = (node: t.Node): boolean => {
    if (node.type === 'CallExpression' && isHelperCall(node)) return true;
    if (node.type === 'ImportDeclaration') return isHelperImport(node);
    for (const child of walk(node)) if (search(child)) return true;
    return false;
  };
  return search(program);
}

function isHelperCall({ callee, arguments: args }: t.CallExpression): boolean {
  const [first, second] = args;
  if (isIdentifier(callee, 'require'))
    return first?.type === 'StringLiteral' && HELPER_MODULE.test(first.value);
  const name = nameOf(callee);
  // Babel's helper for async functions is built on this one, and hands a variable on.
  if (HELPER.test(name))
    return !name.includes('regenerator') || (first !== undefined && isFunction(first));
  if (callee.type !== 'MemberExpression' || !isIdentifier(callee.property)) return false;
  const owner = nameOf(callee.object);
  if (callee.property.name === 'wrap') return /^_*asyncGenerator\d*$/.test(owner);
  // The second is the function itself, or null where it is no generator.
  const isAsync = callee.property.name === 'async' && REGENERATOR.test(owner);
  return isAsync && second !== undefined && second.type !== 'NullLiteral';
}

/** The name that a helper is called by: `a` of `a`, `x.a`, `(0, x.a)`, `a.default`, `a._` and `a()`. */
function nameOf(node: t.Node): string {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'SequenceExpression') return nameOf(node.expressions.at(-1)!);
  if (node.type === 'CallExpression') return nameOf(node.callee);
  if (node.type !== 'MemberExpression') return '';
  const { object, property, computed } = node;
  if (computed || !isIdentifier(property)) return '';
  const isWhole = property.name === 'default' || property.name === '_';
  return isWhole ? nameOf(object) : property.name;
}

function isHelperImport(node: t.ImportDeclaration): boolean {
  if (node.importKind === 'type') return false;
  if (HELPER_MODULE.test(node.source.value)) return true;
  return node.specifiers.some(
    (specifier) =>
      specifier.type === 'ImportSpecifier' &&
      isIdentifier(specifier.imported) &&
      HELPER.test(specifier.imported.name),
  );
}
