import { parseSync } from '@babel/core';

const jsx = { plugins: ['jsx', 'decorators'] };
const flow = { plugins: [['flow', { all: true }], 'jsx', 'decorators'] };
const typescript = { plugins: ['typescript', 'decorators-legacy'] };
const tsx = { plugins: ['typescript', 'jsx', 'decorators-legacy'] };
const declarations = { plugins: [['typescript', { dts: true }], 'decorators-legacy'] };

/** The syntaxes to try, in this order. */
function syntaxesOf(name) {
  if (/\.d\.[cm]?ts$/.test(name)) return [declarations];
  if (name.endsWith('.tsx')) return [tsx];
  return /\.[cm]?ts$/.test(name) ? [typescript] : [jsx, flow];
}

function sourceTypeOf(name) {
  if (name.endsWith('.mjs')) return 'module';
  return name.endsWith('.cjs') ? 'script' : 'unambiguous';
}

/**
 * Parses a file as Babel would with the right options for it.
 * @returns `{ ast, options }`, `options` for Babel to parse its like again, or `{ refusal }`, what
 *   Babel's parser said in the first syntax.
 */
export function parse(code, name) {
  let refusal;
  for (const parserOpts of syntaxesOf(name)) {
    const options = {
      filename: `/${name}`,
      cwd: '/',
      root: '/',
      configFile: false,
      babelrc: false,
      compact: false,
      sourceType: sourceTypeOf(name),
      parserOpts: { ...parserOpts, allowReturnOutsideFunction: true },
    };
    try {
      return { ast: parseSync(code, options), options };
    } catch (error) {
      refusal ??= error;
    }
  }
  return { refusal };
}
