import { createRequire } from 'node:module';
import type * as setup from './mocha-require.js';

// One copy of all of it is enough to install.
const required = createRequire(import.meta.url)('./mocha.cjs') as typeof setup;

export const mochaHooks: typeof setup.mochaHooks = required.mochaHooks;
export const mochaGlobalSetup: typeof setup.mochaGlobalSetup = required.mochaGlobalSetup;

await required.ready;
