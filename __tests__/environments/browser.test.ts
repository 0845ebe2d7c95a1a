import { afterAll, expect } from '@jest/globals';
import type { BuildOptions } from 'esbuild';
import { bundle } from './support/bundle.js';
import { browserTest, launch, runInPage } from './support/browser.js';
import { abandoned, reportingWithPage } from './support/expected.js';
import { Project } from './support/project.js';
import { compileProgram, programFiles, record, type Flavour } from './support/programs.js';

let launched: ReturnType<typeof launch> | undefined;
const openBrowser = () => (launched ??= launch());
afterAll(async () => (await launched)?.close());

// A site has the name that the function has at run time; hence `keepNames`.
const runs: [string, Flavour, BuildOptions][] = [
  ['a classic script', 'esm', { format: 'iife' }],
  ['a module', 'esm', { format: 'esm' }],
  ['a minified module', 'esm', { format: 'esm', minify: true, keepNames: true }],
  ['a classic script lowered to ES5', 'es5', { format: 'iife', keepNames: true }],
];

for (const [name, flavour, options] of runs) {
  browserTest(`bundled for Chromium as ${name}: hooks see the same`, async () => {
    using project = new Project(programFiles(flavour));
    const code = await bundle(project, 'main.js', options);
    const type = options.format === 'esm' ? 'module' : 'text/javascript';
    expect(await runInPage(await openBrowser(), code, type)).toEqual({
      printed: record,
      errors: [],
    });
  });
}

const runProgram = async (name: string, options: BuildOptions = {}) => {
  using project = new Project({ 'main.mjs': compileProgram(name, 'esm') });
  const code = await bundle(project, 'main.mjs', { format: 'iife', ...options });
  return runInPage(await openBrowser(), code, 'text/javascript');
};

browserTest('in Chromium generators that the program drops unfinished are told', async () => {
  expect(await runProgram('abandoned.js')).toEqual({ printed: abandoned, errors: [] });
});

browserTest('esbuild may lower the program and the runtime together', async () => {
  const lowered = await runProgram('abandoned.js', { target: 'es2017', keepNames: true });
  expect(lowered).toEqual({ printed: abandoned, errors: [] });
});

browserTest('in Chromium a finalizer that fails is an error event of the window', async () => {
  expect(await runProgram('reporting.js')).toEqual({
    printed: reportingWithPage,
    errors: reportingWithPage.reported.map(({ message }) => message),
  });
});
