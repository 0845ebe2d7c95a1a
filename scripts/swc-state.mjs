/** Says in one line whether the tests of the SWC plugin will run. */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const missing = [
  ['swc/asyncgen_hooks.wasm', 'the plugin is not built (npm run build:swc)'],
  ['__tests__/swc-versions/node_modules', 'no SWC is installed for them (npm run test:swc)'],
].filter(([name]) => !existsSync(path(name)));
const tests = readdirSync(path('__tests__/swc')).filter((name) => name.endsWith('.test.ts'));
const names = [...tests.map((name) => name.replace('.test.ts', '')), 'fuzz', 'Next.js'].join(', ');
console.log(
  missing.length === 0
    ? `SWC plugin: tested (${names}).`
    : `SWC plugin: not tested, ${missing.map(([, why]) => why).join(', and ')}. Skipped: ${names}.`,
);
