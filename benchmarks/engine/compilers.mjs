import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const ENGINE = 'engine';
export const BABEL = 'Babel with the plugin';
export const RIVAL = '@apm-js-collab/code-transformer';

const OPTIONS = { importSource: 'asyncgen-hooks/shim', locations: true };

/** By language: what compiles a file, and how it is loaded. */
const LOADERS = {
  /** By the parser that its language needs, as all doors do. */
  [ENGINE](dist, isTypeScript) {
    const { compile } = require(`${dist}${isTypeScript ? 'engine' : 'engine-plain'}.cjs`);
    return ({ code, path }) => {
      const language = isTypeScript ? 'ts' : 'js';
      const input = { code, language, sourceType: 'unambiguous', file: path, source: path };
      return compile(input, OPTIONS).compiled?.code;
    };
  },
  [BABEL](dist, isTypeScript) {
    const { transformSync } = require('@babel/core');
    const { default: plugin } = require(`${dist}babel.cjs`);
    const parserOpts = { plugins: isTypeScript ? ['typescript'] : [] };
    const options = { babelrc: false, configFile: false, sourceType: 'unambiguous', parserOpts };
    return ({ code, path }) =>
      transformSync(code, {
        ...options,
        plugins: [plugin],
        filename: path,
        sourceMaps: true,
      }).code;
  },
  [RIVAL]() {
    const { create } = require('@apm-js-collab/code-transformer');
    return ({ code, path }) => {
      const module = { name: 'corpus', versionRange: '*', filePath: path };
      const functionQuery = { kind: 'Async' };
      const astQuery = '[async=true][generator=true]';
      const matcher = create([{ channelName: 'corpus', module, astQuery, functionQuery }]);
      const transformer = matcher.getTransformer('corpus', '1.0.0', path);
      return transformer.transform(code, /^(?:import|export)\b/m.test(code) ? 'esm' : 'cjs').code;
    };
  },
};

/** @returns {(file: { path: string, code: string }) => string} of a file that has async generators */
export const loadCompiler = (name, dist, isTypeScript) => LOADERS[name](dist, isTypeScript);
