import type { Plugin } from 'rolldown';

/**
 * Makes an ES module of `@babel/parser`, which is published as CommonJS, for our bundles. A bundler wraps CommonJS into
 * a function, and V8 looks through the text of a function twice before it runs: half of the time that the
 * parser takes to load. And mends what is not linear in it.
 *
 * @param isPlain without the grammars of TypeScript, Flow and JSX.
 */
export function parserAsModule(isPlain: boolean): Plugin {
  return {
    name: 'parser-as-module',
    transform: {
      filter: { id: /@babel[\\/]parser[\\/]lib[\\/]index\.js$/ },
      handler(text) {
        let code = text;
        for (const [from, to] of [...TO_MODULE, IN_COMMENT, ...(isPlain ? [NO_MIXINS] : [])]) {
          if (!from.test(code)) throw new Error(`@babel/parser has no ${from} any more`);
          code = code.replace(from, to);
        }
        if (/^\s*(?:module\.)?exports\b/m.test(code)) throw new Error('@babel/parser exports more');
        return { code, map: null };
      },
    },
  };
}

const TO_MODULE: [RegExp, string][] = [
  [/^'use strict';\s+Object\.defineProperty\(exports, '__esModule', \{\s+value: true\s+\}\);/, ''],
  [/^exports\.parse = parse;$/m, 'export { parse };'],
  [/^exports\.parseExpression = parseExpression;$/m, ''],
  [/^exports\.tokTypes = tokTypes;$/m, ''],
];
/**
 * It looks for the line breaks of a comment to the end of the file: quadratic where a line of a megabyte
 * has thousands of comments, as bundles have.
 */
const IN_COMMENT: [RegExp, string] = [
  /lineBreakG\.test\(this\.input\) && lineBreakG\.lastIndex <= end/,
  'lineBreakG.test(this.input.slice(0, end))',
];
const NO_MIXINS: [RegExp, string] = [
  /^const mixinPlugins = \{[^}]*\};$/m,
  'const mixinPlugins = {};',
];
