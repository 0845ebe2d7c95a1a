/**
 * What is run beside each loader, by kind. Each generator prints its name and the line that a stack gives for it;
 * TypeScript has an interface in front, which a transpiler takes out.
 */

const line = (name) =>
  `console.log('line ${name}', /:(\\d+):\\d+\\)?$/m.exec(new Error().stack)[1]);`;
const gens = (name) => `async function* ${name}() {\n  ${line(name)}\n  yield '${name}';\n}`;
const use = (...names) =>
  `(async () => {\n${names
    .map((name) => `  for await (const item of ${name}()) console.log('item', item);\n`)
    .join('')}})();\n`;
const typed = (name) =>
  `interface Only {\n  types: string;\n}\n\nexport async function* ${name}(of: string = '${name}'): AsyncGenerator<string> {\n  ${line(name)}\n  yield of as Only['types'];\n}\n`;

/**
 * By kind: `files`, the file to start and the generators that have to be seen. No kind is written for one
 * tool, so that a new tool is one line in tools.mjs.
 */
export const kinds = {
  'js-commonjs': {
    title: 'CommonJS',
    main: 'main.cjs',
    names: ['own', 'required', 'imported', 'shared'],
    files: {
      'package.json': '{ "type": "commonjs" }',
      'main.cjs': `const { required } = require('./required');
${gens('own')}
(async () => {
  const { imported } = await import('./imported.mjs');
  const { default: { shared } } = await import('./shared.cjs');
  for (const each of [own, required, imported, shared])
    for await (const item of each()) console.log('item', item);
})();
`,
      'required.js': `exports.required = ${gens('required')};\n`,
      'imported.mjs': `export ${gens('imported')}\n`,
      'shared.cjs': `exports.shared = ${gens('shared')};\n`,
    },
  },
  'js-module': {
    title: 'ES module',
    main: 'main.mjs',
    names: ['own', 'imported', 'shared', 'required', 'both'],
    files: {
      'package.json': '{ "type": "module" }',
      'main.mjs': `import { createRequire } from 'node:module';
import { imported } from './imported.js';
import { shared } from './shared.cjs';
const { required } = createRequire(import.meta.url)('./required.cjs');
const { both } = createRequire(import.meta.url)('./both.mjs');
${gens('own')}
${use('own', 'imported', 'shared', 'required', 'both')}`,
      'imported.js': `export ${gens('imported')}\n`,
      'shared.cjs': `exports.shared = ${gens('shared')};\n`,
      'required.cjs': `exports.required = ${gens('required')};\n`,
      'both.mjs': `export { nested as both } from './nested.mjs';\n`,
      'nested.mjs': `export ${gens('both').replace('* both', '* nested')}\n`,
    },
  },
  'ts-commonjs': {
    title: 'CommonJS',
    main: 'main.ts',
    names: ['own', 'other'],
    files: {
      'package.json': '{ "type": "commonjs" }',
      'main.ts': `import { other } from './other';\n${typed('own')}${use('own', 'other')}`,
      'other.ts': typed('other'),
    },
  },
  'ts-required': {
    title: 'require() in a package of ES modules',
    main: 'main.cjs',
    names: ['other'],
    files: {
      'package.json': '{ "type": "module" }',
      'main.cjs': `const { other } = require('./other.ts');\n${use('other')}`,
      'other.ts': typed('other'),
    },
  },
  'ts-module': {
    title: 'ES module',
    main: 'main.ts',
    names: ['own', 'other', 'more'],
    files: {
      'package.json': '{ "type": "module" }',
      'main.ts': `import { other } from './other.ts';\nimport { more } from './more.mts';\n${typed('own')}${use('own', 'other', 'more')}`,
      'other.ts': typed('other'),
      'more.mts': typed('more'),
    },
  },
};

/** What every program may need beside it. */
export const shared = {
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      module: 'commonjs',
      moduleResolution: 'node',
      esModuleInterop: true,
      allowImportingTsExtensions: true,
      noEmit: true,
      strict: true,
    },
  }),
  'hooks.cjs': `const { addAsyncGenHooks, describeAsyncGen } = require('asyncgen-hooks');
addAsyncGenHooks({ firstiter: (gen) => console.log('hooked', describeAsyncGen(gen).name) });
`,
  'nothing.mjs': `import { register } from 'node:module';\nregister('data:text/javascript,');\n`,
  'nothing.cjs': `require('node:module').register('data:text/javascript,');\n`,
  'opentelemetry.mjs': `import { register } from 'node:module';
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
`,
  'iitm.mjs': `import { register } from 'node:module';\nregister('import-in-the-middle/hook.mjs', import.meta.url);\n`,
  'sentry.mjs': `import * as Sentry from '@sentry/node';\nSentry.init({ dsn: 'https://key@localhost/1', tracesSampleRate: 1, transport: () => ({ send: async () => ({}), flush: async () => true }) });\n`,
  'babel.cjs': `require('@babel/register')({
  extensions: ['.ts', '.mts', '.js'],
  ignore: [/node_modules/],
  cache: false,
  babelrc: false,
  configFile: false,
  presets: [['@babel/preset-env', { targets: { node: 'current' }, modules: 'commonjs' }], '@babel/preset-typescript'],
});
`,
};
