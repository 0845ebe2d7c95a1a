import { createRequire } from 'node:module';

// One copy of all of it is enough to install.
const { ready } = createRequire(import.meta.url)(
  './node-test.cjs',
) as typeof import('./node-test-require.js');

await ready;
