import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';

const pattern = (each) => (typeof each === 'string' ? { group: [each] } : { regex: each.source });

const room = (files, forbidden, message) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: forbidden.map((each) => ({ ...pattern(each), message })) },
    ],
  },
});

const BUILTIN = new RegExp(`^(?:node:|(?:${builtinModules.join('|')})(?:/|$))`);
const TOOLS = ['code-transformer', 'context', 'devtools', 'diagnostics', 'opentelemetry'].map(
  (name) => `**/${name}/**`,
);
const INSIDE_RUNTIME = /(?:^|\/)runtime\/(?!index\.js$)/;
const INSIDE_LIFECYCLE = /(?:^|\/)lifecycle\/(?!(?:index|limits)\.js$)/;
const INSIDE_LIFECYCLE_AND_GROUP = /(?:^|\/)lifecycle\/(?!(?:index|limits|group)\.js$)/;

/** Of those underneath the bundlers and Node, none knows another. */
const BESIDE = /^\.\.\/(?:compiler|files)\//;

/** What each room of Node may import of the others. */
const NODE_ROOMS = {
  '*.ts': ['ending', 'report'],
  'ending/**': [],
  'loader/**': ['ending'],
  'watch/**': ['ending', 'loader'],
  'report/**': ['watch'],
  'live/**': ['report', 'watch'],
  'ps/**': ['watch'],
  'page/**': ['live', 'report'],
  'cli/**': ['loader', 'ps', 'report', 'watch'],
};
const otherNodeRooms = (known) => {
  const rooms = Object.keys(NODE_ROOMS).map((name) => name.split('/')[0]);
  const others = rooms.filter((name) => name !== '*.ts' && !known.includes(name));
  return new RegExp(`^(?:\\./|(?:\\.\\./)+)(?:${others.join('|')})/`);
};

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'fixtures', '**/node_modules'] },
  ...tseslint.configs.strict,
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-function-type': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // A file for one room; the fuzzer's model is one machine.
    files: ['__tests__/**', 'fuzz/**'],
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/no-this-alias': 'off',
    },
  },
  {
    files: ['__tests__/**'],
    rules: {
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-require-imports': 'off',
      'require-yield': 'off',
    },
  },
  room(
    ['src/runtime/**'],
    [BUILTIN, '@babel/*', '**/transform/**', '**/lifecycle/**', '**/integrations/**', ...TOOLS],
    'The runtime runs anywhere and knows no other room.',
  ),
  room(
    ['src/syntax/**'],
    [
      BUILTIN,
      '**/transform/**',
      '**/engine/**',
      '**/runtime/**',
      '**/lifecycle/**',
      '**/integrations/**',
    ],
    'What compilers have in common knows none of them.',
  ),
  room(
    ['src/transform/**'],
    ['**/engine/**', '**/runtime/**', '**/lifecycle/**', '**/integrations/**'],
    'The transform knows the runtime as a string only, and no other compiler.',
  ),
  room(
    ['src/engine/**'],
    [
      BUILTIN,
      '@babel/core',
      '**/transform/**',
      '**/runtime/**',
      '**/lifecycle/**',
      '**/integrations/**',
    ],
    'The engine runs anywhere, knows the runtime as a string only, and no other compiler.',
  ),
  room(
    ['src/lifecycle/**'],
    ['**/transform/**', '**/integrations/**', ...TOOLS, INSIDE_RUNTIME],
    'The lifecycle stands on the public hooks only.',
  ),
  room(
    ['src/{code-transformer,context,devtools,diagnostics,opentelemetry}/**'],
    ['**/transform/**', '**/integrations/**', ...TOOLS, INSIDE_RUNTIME, INSIDE_LIFECYCLE],
    'What stands on the hooks knows the public hooks and observeAsyncGens().',
  ),
  room(
    ['src/integrations/shim.ts', 'src/integrations/{compiler,files}/**'],
    [
      '**/transform/**',
      '@babel/core',
      '**/runtime/**',
      '**/lifecycle/**',
      '**/bundlers/**',
      '**/node/**',
      '**/runners/**',
      BESIDE,
    ],
    'How a file is compiled, which files are, and where the shim lies is underneath the bundlers and Node.',
  ),
  room(
    ['src/integrations/bundlers/**'],
    [
      '**/transform/**',
      '**/runtime/**',
      '**/lifecycle/**',
      '**/integrations/node/**',
      '../node/**',
      '**/runners/**',
    ],
    'Bundlers know what is underneath them alone.',
  ),
  ...Object.entries(NODE_ROOMS).map(([name, knows]) =>
    room(
      [`src/integrations/node/${name}`],
      [
        '**/transform/**',
        '**/bundlers/**',
        '**/runners/**',
        INSIDE_RUNTIME,
        INSIDE_LIFECYCLE,
        otherNodeRooms(knows),
      ],
      `Node knows no bundler, and this room of it no other one${knows.length > 0 ? ` but ${knows.join(', ')}` : ''}.`,
    ),
  ),
  room(
    ['src/integrations/runners/**'],
    ['**/transform/**', INSIDE_RUNTIME, INSIDE_LIFECYCLE_AND_GROUP],
    'Runners of tests stand on the lifecycle, on Node and on bundlers.',
  ),
);
