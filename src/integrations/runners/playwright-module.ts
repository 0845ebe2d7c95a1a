import { createRequire } from 'node:module';
import type * as setup from './playwright.js';

// One copy of all of it is enough to install.
const required = createRequire(import.meta.url)('./playwright.cjs') as typeof setup;

export const asyncGenFixtures: typeof setup.asyncGenFixtures = required.asyncGenFixtures;

await required.ready;
