/** What a row of the table is: a tool, how it is loaded, and the kinds of programs that it is for. */

const JS = ['js-commonjs', 'js-module'];
const REQUIRE = ['ts-commonjs', 'ts-required'];
const IMPORT = ['ts-commonjs', 'ts-module'];

/**
 * `flags` load it into Node; `command` is its own command, which runs under ours.
 * @type {{ name: string, flags?: string[], command?: string, kinds: string[] }[]}
 */
export const tools = [
  {
    name: 'module.register(), a loader that does nothing',
    flags: ['--import', './nothing.mjs'],
    kinds: JS,
  },
  { name: 'the same by --require', flags: ['--require', './nothing.cjs'], kinds: JS },
  { name: 'Sentry', flags: ['--import', './sentry.mjs'], kinds: JS },
  { name: 'OpenTelemetry', flags: ['--import', './opentelemetry.mjs'], kinds: JS },
  { name: 'import-in-the-middle', flags: ['--import', './iitm.mjs'], kinds: JS },
  { name: 'tsx', flags: ['--import', 'tsx'], kinds: IMPORT },
  { name: 'tsx/cjs', flags: ['--require', 'tsx/cjs'], kinds: REQUIRE },
  { name: 'tsx, its command', command: 'tsx', kinds: IMPORT },
  {
    name: 'ts-node/register',
    flags: ['--require', 'ts-node/register/transpile-only'],
    kinds: REQUIRE,
  },
  { name: 'ts-node, its command', command: 'ts-node', kinds: ['ts-commonjs'] },
  { name: '@swc-node/register', flags: ['--require', '@swc-node/register'], kinds: REQUIRE },
  {
    name: '@swc-node/register/esm-register',
    flags: ['--import', '@swc-node/register/esm-register'],
    kinds: IMPORT,
  },
  { name: 'sucrase/register', flags: ['--require', 'sucrase/register'], kinds: REQUIRE },
  { name: '@babel/register', flags: ['--require', './babel.cjs'], kinds: REQUIRE },
  { name: '@oxc-node/core', flags: ['--import', '@oxc-node/core/register'], kinds: IMPORT },
];
