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
import type { FileContext } from './context.js';

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
export function hasLoweredGenerators({ t, program }: FileContext): boolean {
  let isLowered = false;
  t.traverseFast(program.node, (node) => {
    if (node.type === 'CallExpression') isLowered ||= isHelperCall(t, node);
    else if (node.type === 'ImportDeclaration') isLowered ||= isHelperImport(t, node);
  });
  return isLowered;
}

function isHelperCall(t: FileContext['t'], { callee, arguments: args }: t.CallExpression): boolean {
  const [first, second] = args;
  if (t.isIdentifier(callee, { name: 'require' }))
    return t.isStringLiteral(first) && HELPER_MODULE.test(first.value);
  const name = nameOf(t, callee);
  // Babel's helper for async functions is built on this one, and hands a variable on.
  if (HELPER.test(name)) return !name.includes('regenerator') || t.isFunction(first);
  if (!t.isMemberExpression(callee) || !t.isIdentifier(callee.property)) return false;
  const owner = nameOf(t, callee.object);
  if (callee.property.name === 'wrap') return /^_*asyncGenerator\d*$/.test(owner);
  // The second is the function itself, or null where it is no generator.
  const isAsync = callee.property.name === 'async' && REGENERATOR.test(owner);
  return isAsync && second !== undefined && !t.isNullLiteral(second);
}

/** The name that a helper is called by: `a` of `a`, `x.a`, `(0, x.a)`, `a.default`, `a._` and `a()`. */
function nameOf(t: FileContext['t'], node: t.Node): string {
  if (t.isIdentifier(node)) return node.name;
  if (t.isSequenceExpression(node)) return nameOf(t, node.expressions.at(-1)!);
  if (t.isCallExpression(node)) return nameOf(t, node.callee);
  if (!t.isMemberExpression(node)) return '';
  const { object, property, computed } = node;
  if (computed || !t.isIdentifier(property)) return '';
  const isWhole = property.name === 'default' || property.name === '_';
  return isWhole ? nameOf(t, object) : property.name;
}

function isHelperImport(t: FileContext['t'], node: t.ImportDeclaration): boolean {
  if (node.importKind === 'type') return false;
  if (HELPER_MODULE.test(node.source.value)) return true;
  return node.specifiers.some(
    (specifier) =>
      t.isImportSpecifier(specifier) &&
      t.isIdentifier(specifier.imported) &&
      HELPER.test(specifier.imported.name),
  );
}
