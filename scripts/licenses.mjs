/** Writes the licences of what `dist` has in it into `dist/LICENSES.md`. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Bundled, with what they depend on; all else is a dependency or a peer. */
const BUNDLED = [
  '@babel/code-frame',
  '@babel/helper-plugin-utils',
  '@babel/parser',
  '@jridgewell/remapping',
  'cli-progress',
  'get-east-asian-width',
  'leven',
  'preact',
  'uplot',
];

const found = new Map();

function add(name, from) {
  let folder = join(from, 'node_modules', name);
  for (let at = from; !existsSync(join(folder, 'package.json')); at = dirname(at))
    folder = join(dirname(at), 'node_modules', name);
  const {
    version,
    license,
    dependencies = {},
  } = createRequire(import.meta.url)(join(folder, 'package.json'));
  const key = `${name} ${version}`;
  if (found.has(key)) return;
  const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
  found.set(key, { license, text: file && readFileSync(join(folder, file), 'utf8').trim() });
  for (const each of Object.keys(dependencies)) add(each, folder);
}

const root = dirname(createRequire(import.meta.url).resolve('../package.json'));
for (const name of BUNDLED) add(name, root);
const parts = [...found].sort().map(([key, { license, text }]) => {
  return [`## ${key}`, `License: ${license}`, ...(text ? ['```', text, '```'] : [])].join('\n\n');
});
const head = '# Licences\n\nFiles of this folder contain code of these packages.';
writeFileSync(join(root, 'dist/LICENSES.md'), `${[head, ...parts].join('\n\n')}\n`);
