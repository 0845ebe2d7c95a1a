/** What no Babel has a part in need not run a second time with Babel 8. */
const WITHOUT_BABEL = [
  '/bundlers/',
  '/runners/',
  '/integrations/(?:runtimes|compared)',
  '/integrations/node/(?:page|hostile|report|trust|deps|explain|places|printing|disk)',
  '/lifecycle/resources/',
  '/swc/',
  '/engine/(?:text|fixtures)',
  '/code-transformer/',
  '/devtools/',
  '/opentelemetry/',
  '/runtimes\\.test',
  '/compared\\.test',
  '/package\\.test',
  '/types\\.test',
  '/docs\\.test',
];

/**
 * The tests run what is published: `asyncgen-hooks` is the built package, and the plugin compiles
 * for it as it does for a user.
 */
export default {
  // One worker less than there are processors would leave half of a small machine idle.
  maxWorkers: '100%',
  // Each file has a process of its own: V8 before Node 26 tells no registry any more, in the whole process, once that of a
  // realm has died at the wrong time (docs/limits.md), and then what a file dropped is never found.
  workerIdleMemoryLimit: '1MB',
  testEnvironment: '<rootDir>/__tests__/helpers/environment.cjs',
  testSequencer: '<rootDir>/__tests__/helpers/sequencer.cjs',
  // The record on globalThis cannot be deleted, and tests share it on purpose.
  testEnvironmentOptions: { globalsCleanup: 'off' },
  // The one limit of all tests, for those that hang: many start processes, or wait for garbage, and the machine may be
  // busy with other work.
  testTimeout: 300_000,
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...(process.env.BABEL === '8' ? WITHOUT_BABEL : [])],
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^asyncgen-hooks$': '<rootDir>/dist/index.cjs',
    '^asyncgen-hooks/(babel|code-transformer|context|devtools|diagnostics|lifecycle|node|opentelemetry|shim)$':
      '<rootDir>/dist/$1.cjs',
  },
};
