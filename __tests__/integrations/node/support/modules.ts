import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { NodeProject } from './node-project.js';

/** A module that prints which generators begin. */
export const hooks = readFileSync(join(__dirname, 'hooks.mjs'), 'utf8');
/** The text of a module with one generator function. */
export const esm = (name: string, rest = ''): string =>
  `export async function* ${name}() {\n  yield 1;\n}\n${rest}`;
/** Pulls all of it. */
export const use = (name: string): string =>
  `for await (const item of ${name}()) console.log(item);\n`;
/** What that prints. */
export const hooked = (...sites: string[]): string =>
  sites.map((site) => `hooked ${site}\n1\n`).join('');

/** Runs `main` with the hooks printed. */
export async function printed(
  project: NodeProject,
  main: string,
  ...flags: string[]
): Promise<string> {
  project.write({ 'hooks.mjs': hooks });
  const { stdout, stderr, code } = await project.register(
    '--import',
    './hooks.mjs',
    ...flags,
    main,
  );
  if (code !== 0) throw new Error(`exit ${code}\n${stdout}\n${stderr}`);
  expect(withoutNodes(stderr)).toBe('');
  return stdout;
}

/** Without what Node tells of features that a program uses: some are experimental, and Node 26 deprecates `module.register()`. */
export function withoutNodes(stderr: string): string {
  const isNodes = /^\(node.*(?:ExperimentalWarning|\[DEP0205\])|^Support for loading|^\(Use .node/;
  return stderr
    .split('\n')
    .filter((line) => !isNodes.test(line))
    .join('\n');
}
