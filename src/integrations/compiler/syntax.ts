import type { ParserOptions } from '@babel/core';

type ParserPlugins = NonNullable<ParserOptions['plugins']>;

const EXTENSION = /\.([cm]?[jt]sx?)$/;
const FLOW = /@(?:no)?flow\b/;

/** `ts`, `mjs`, `jsx`… of a file; `undefined` for what is no script. */
export const languageOf = (file: string): string | undefined => EXTENSION.exec(file)?.[1];

/**
 * How Babel has to parse a language, most likely way first. Decorators have two grammars, and only
 * the legacy one takes parameters (TypeScript's `experimentalDecorators`).
 */
export function parserPlugins(language: string, code: string): ParserPlugins[] {
  const isTypeScript = language.includes('t');
  const types: ParserPlugins = isTypeScript ? ['typescript'] : FLOW.test(code) ? ['flow'] : [];
  // In a `.ts` file `<T>x` is a cast, in all others an element.
  const jsx: ParserPlugins = !isTypeScript || language.endsWith('x') ? ['jsx'] : [];
  const always: ParserPlugins = [
    'explicitResourceManagement',
    'sourcePhaseImports',
    'deferredImportEvaluation',
    'decoratorAutoAccessors',
  ];
  const plugins = [...types, ...jsx, ...always];
  if (!code.includes('@')) return [plugins];
  const legacy: ParserPlugins = [...plugins, 'decorators-legacy'];
  const standard: ParserPlugins = [...plugins, ['decorators', { allowCallParenthesized: true }]];
  return isTypeScript ? [legacy, standard] : [standard, legacy];
}
