import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.mjs';

const dist = join(root, 'dist');

/** `BABEL=8` compiles with the Babel in `babel-8`, as in the rest of the suite. */
const home = process.env.BABEL === '8' ? join(root, '__tests__/babel-8') : root;
const babel = createRequire(join(home, 'package.json'))('@babel/core');

const shim = {
  module: pathToFileURL(join(dist, 'shim.mjs')).href,
  script: join(dist, 'shim.cjs'),
};

/** Async generators as written, and what TypeScript makes of them. */
const WORTH_A_LOOK = /\basync\s*(?:function\s*)?\*|\b__asyncGenerator\b/;

/**
 * Compiles a file as a user of the plugin would.
 * @returns nothing for a file that stays as it is.
 */
export function compile(code, filename, sourceType) {
  if (!WORTH_A_LOOK.test(code) || filename.startsWith(dist)) return undefined;
  const importSource = shim[sourceType];
  const result = babel.transformSync(code, {
    cwd: root,
    filename,
    sourceType,
    parserOpts: { allowReturnOutsideFunction: sourceType === 'script' },
    configFile: false,
    babelrc: false,
    compact: false,
    inputSourceMap: false,
    plugins: [[join(dist, 'babel.cjs'), { importSource }]],
  });
  if (!result.code.includes(importSource)) return undefined;
  const file = relative(root, filename);
  const [, ...behind] = result.code.split(`"${file}:`);
  const sites = behind.map((text) => `${file}:${/^\d+:\d+/.exec(text)[0]}`);
  return { code: result.code, file, sites };
}
