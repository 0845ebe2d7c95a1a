import { readdirSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { App, program, snippet } from './support/app.js';
import { esbuild, requireIn, rolldown } from './support/in-process.js';

const WARNING =
  /^asyncgen-hooks\/bundlers: [-:\w]+ lowers async generators for the build target, and when a `for await` loop is left early, nothing after an `await` in their `finally` blocks runs\. Set a target of ES2018 or newer\.$/;

const leaves = `async function* items() {
  try { yield 1; yield 2; } finally { await null; console.log('"closed"'); }
}
async function main() { for await (const item of items()) break; console.log('"left"'); }
void main();`;

const FILES = { 'src/main.ts': leaves, 'package.json': { type: 'commonjs' } };

/** What a bundle prints, line by line. */
async function printed(app: App, code: string, file = 'out.cjs'): Promise<unknown[]> {
  app.write({ [file]: code });
  const { stdout } = await app.build(file);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test.each([
  ['es2018', ['closed', 'left']],
  ['es2017', ['left']],
])('esbuild for %s, with and without us', async (target, expected) => {
  using app = new App(FILES);
  const options = { target, format: 'cjs' } as const;
  const hooked = await esbuild(app, {}, options);
  const plain = await esbuild(app, {}, { ...options, plugins: [] });
  expect(await printed(app, hooked.code)).toEqual(expected);
  expect(await printed(app, plain.code)).toEqual(expected);
  const told = target === 'es2017' ? [expect.stringMatching(WARNING)] : [];
  expect(hooked.warnings).toEqual(told);
});

test.each([
  [{ target: 'chrome62' }, 1],
  [{ target: ['es2022', 'firefox56'] }, 1],
  [{ target: 'chrome63' }, 0],
  [{ supported: { 'async-generator': false } }, 1],
  [{ supported: { 'for-await': false } }, 0],
])('esbuild with %o gives %i warnings', async (options, count) => {
  using app = new App(FILES);
  expect((await esbuild(app, {}, options)).warnings).toHaveLength(count);
});

test('Oxc for ES2017: Rolldown and Vite warn if, and only if, their version is wrong', async () => {
  using app = new App({
    ...FILES,
    'vite.config.mjs': `import asyncGenHooks from 'asyncgen-hooks/vite';
const input = 'src/main.ts';
export default { plugins: [asyncGenHooks()], build: { target: 'es2017', ssr: input } };`,
  });
  const output = { format: 'cjs' } as const;
  const { code, warnings } = await rolldown(app, {}, { transform: { target: 'es2017' }, output });
  expect(code).not.toContain('async function*');
  const isWrong = (lines: unknown[]): boolean => lines.join() === 'left';
  expect(warnings).toEqual(
    isWrong(await printed(app, code)) ? [expect.stringMatching(WARNING)] : [],
  );

  const { stderr } = await app.build('node_modules/vite/bin/vite.js', 'build');
  const built = app.read(readdirSync(`${app.root}/dist`).map((name) => `dist/${name}`)[0]!);
  expect(built).not.toContain('async function*');
  expect(stderr.includes('Oxc lowers async generators')).toBe(
    isWrong(await printed(app, built, 'out.mjs')),
  );
});

test('SWC for ES2017, without us', async () => {
  using app = new App(FILES);
  const { experiments } = requireIn(app)('@rspack/core');
  const { code } = await experiments.swc.transform(leaves, { jsc: { target: 'es2017' } });
  expect(await printed(app, code)).toEqual(['left']);
});

test.each([
  ["{ detectSyntax: 'auto', jsc: { target: 'es2017' } }", true],
  ["{ detectSyntax: 'auto' }", true],
  ["{ detectSyntax: 'auto', jsc: { target: 'es2018' } }", false],
  ["{ detectSyntax: 'auto', env: { targets: 'node 20' } }", false],
])('Rspack with %s in front of SWC: a warning is %p', async (options, isWarned) => {
  const config = snippet('rspack.config.js').replace(/options: \{.*\},/, `options: ${options},`);
  expect(config).toContain(options);
  using app = new App({ 'rspack.config.js': config, 'compile.mjs': program('compile.mjs') });
  app.write({ 'src/main.ts': leaves });
  const { stderr } = await app.build(
    'compile.mjs',
    '@rspack/core',
    'rspack.config.js',
    'development',
  );
  const told = stderr.split('\n').filter((line) => line.includes('asyncgen-hooks'));
  expect(told).toEqual(
    isWarned ? [expect.stringMatching(/builtin:swc-loader lowers async generators/)] : [],
  );
});
