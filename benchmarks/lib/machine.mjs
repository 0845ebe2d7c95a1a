import { readFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';

const PACKAGES = new URL('../../node_modules/', import.meta.url);

/** Whose versions the results depend on. */
const NAMES = [
  '@apm-js-collab/code-transformer',
  '@babel/core',
  '@babel/plugin-transform-async-generator-functions',
  'babel-plugin-istanbul',
  'esbuild',
  'mitata',
];

const versionIn = (url) => JSON.parse(readFileSync(new URL('package.json', url), 'utf8')).version;

/** @returns {[string, string][]} what was measured, and on what */
export function describeRun(command) {
  const { length: cores, 0: cpu } = cpus();
  return [
    ['command', `\`${command}\``],
    ['date', new Date().toISOString().slice(0, 10)],
    ['machine', `${cpu.model.trim()}, ${cores} cores, ${Math.round(totalmem() / 2 ** 30)} GB`],
    ['system', `${platform()} ${arch()}`],
    ['Node', `${process.version} (V8 ${process.versions.v8})`],
    ['asyncgen-hooks', versionIn(new URL('../../', import.meta.url))],
    ...NAMES.map((name) => [name, versionIn(new URL(`${name}/`, PACKAGES))]),
  ];
}
