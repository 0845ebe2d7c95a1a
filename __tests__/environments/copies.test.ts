import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { bundle } from './support/bundle.js';
import { packageRoot, Project } from './support/project.js';
import { compileProgram, readProgram } from './support/programs.js';

/** Two installed copies, of both formats, and a third that a bundler put into a program. */
async function makeCopies(): Promise<Project> {
  const generator = (filename: string, importSource: string): string =>
    compileProgram('generator.js', filename.endsWith('.cjs') ? 'commonjs' : 'esm', {
      filename,
      importSource,
    });
  const project = new Project({
    'host.mjs': readProgram('copies-host.mjs'),
    'frozen-global.cjs': readProgram('frozen-global.cjs'),
    'a.mjs': generator('a.mjs', 'copy-a/shim'),
    'a.cjs': generator('a.cjs', 'copy-a/shim'),
    'b.mjs': generator('b.mjs', 'copy-b/shim'),
    'b.cjs': generator('b.cjs', 'copy-b/shim'),
    'to-bundle.mjs': generator('bundle.cjs', 'asyncgen-hooks/shim').replace()
  });
  for (const name of ['copy-a', 'copy-b']) {
    for (const part of ['dist', 'package.json']) {
      const target = join(project.root, 'node_modules', name, part);
      cpSync(join(packageRoot, part), target, { recursive: true });
    }
  }
  return project.write({ 'bundle.cjs': await bundle(project, 'to-bundle.mjs', 'cjs') });
}
