import { parse as parseText, type ParserOptions } from '@babel/parser';
import type * as t from '@babel/types';
import type { Places } from './brackets.js';
import { isShortened, shorten } from './shorten.js';

type Plugins = NonNullable<ParserOptions['plugins']>;

/** What a text is written in: `ts`, `mjs`, `jsx`… */
export type Language = string;

export interface ParseInput {
  readonly code: string;
  readonly language: Language;
  /** As the parser takes it. */
  readonly sourceType: 'module' | 'script' | 'unambiguous';
  /** What of the text is asked for; all if left out. */
  readonly places?: Places | undefined;
}

const FLOW = /@(?:no)?flow\b/;

/**
 * How a language has to be parsed, most likely way first. Decorators have two grammars, and only
 * the legacy one takes parameters (TypeScript's `experimentalDecorators`).
 */
function grammars(language: Language, code: string): Plugins[] {
  const isTypeScript = language.includes('t');
  const types: Plugins = isTypeScript ? ['typescript'] : FLOW.test(code) ? ['flow'] : [];
  // In a `.ts` file `<T>x` is a cast, in all others an element.
  const jsx: Plugins = !isTypeScript || language.endsWith('x') ? ['jsx'] : [];
  const always: Plugins = [
    'explicitResourceManagement',
    'sourcePhaseImports',
    'deferredImportEvaluation',
    'decoratorAutoAccessors',
  ];
  const plugins = [...types, ...jsx, ...always];
  if (!code.includes('@')) return [plugins];
  const legacy: Plugins = [...plugins, 'decorators-legacy'];
  const standard: Plugins = [...plugins, ['decorators', { allowCallParenthesized: true }]];
  return isTypeScript ? [legacy, standard] : [standard, legacy];
}

/**
 * Tries the grammars that a text may be written in; if none fits, the first one's error tells.
 * Comments are looked at only where one asks for something.
 */
export function parse(input: ParseInput): t.File {
  const { code, language, sourceType, places } = input;
  const all = grammars(language, code);
  const asks = /asyncgen-hooks\s+ignore\b/.test(code);
  const tree = (text: string, plugins: Plugins): t.File => {
    const file = parseText(text, {
      sourceType,
      plugins,
      allowReturnOutsideFunction: true,
      // What Node makes of CommonJS is the body of a function.
      allowNewTargetOutsideFunction: sourceType !== 'module',
      allowUndeclaredExports: true,
      attachComment: asks,
    });
    const { program } = file;
    // The parser calls a file whose only mark is an `await` at the top a script.
    if (program.extra?.topLevelAwait) program.sourceType = 'module';
    return file as unknown as t.File;
  };
  const short = places && !asks ? shorten(code, places, language.includes('t')) : undefined;
  if (short) {
    for (const plugins of all) {
      try {
        const file = tree(short.text, plugins);
        if (isShortened(short, file.program)) return file;
      } catch {
        // The whole text tells what is wrong with it.
      }
    }
  }
  let first: unknown;
  for (const plugins of all) {
    try {
      return tree(code, plugins);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}
