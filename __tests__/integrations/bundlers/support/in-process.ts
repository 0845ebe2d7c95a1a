import { join } from 'node:path';
import type { BuildOptions, BuildResult } from 'esbuild';
import type { InputOptions, OutputChunk, OutputOptions } from 'rolldown';
import type { App } from './app.js';

declare const createNodeRequire: typeof import('node:module').createRequire;

/** Node's own `require`, as from the folder of the application. */
export const requireIn = (app: App): NodeJS.Require =>
  createNodeRequire(join(app.root, 'package.json'));

/** A face of the package, as the application gets it. */
export const face = (app: App, name: string): ((options?: object) => any) =>
  requireIn(app)(`asyncgen-hooks/${name}`);

export interface Bundled {
  readonly code: string;
  readonly warnings: string[];
}

/** Bundles the application with esbuild, `plugin` being the options of ours. */
export async function esbuild(
  app: App,
  plugin: object,
  options: BuildOptions = {},
): Promise<Bundled> {
  const { build } = requireIn(app)('esbuild') as typeof import('esbuild');
  const { outputFiles, warnings }: BuildResult<{ write: false }> = await build({
    absWorkingDir: app.root,
    entryPoints: ['src/main.ts'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'silent',
    plugins: [face(app, 'esbuild')(plugin)],
    ...options,
    write: false,
  });
  return { code: outputFiles[0]!.text, warnings: warnings.map(({ text }) => text) };
}

/** The same with Rolldown. */
export async function rolldown(
  app: App,
  plugin: object,
  { output, ...options }: InputOptions & { output?: OutputOptions } = {},
): Promise<Bundled> {
  const { rolldown: open } = requireIn(app)('rolldown') as typeof import('rolldown');
  const warnings: string[] = [];
  const bundle = await open({
    cwd: app.root,
    input: 'src/main.ts',
    platform: 'node',
    onLog: (level, { message }) => void (level === 'warn' && warnings.push(message)),
    plugins: [face(app, 'rolldown')(plugin)],
    ...options,
  });
  const { output: files } = await bundle.generate(output);
  await bundle.close();
  return { code: (files[0] as OutputChunk).code, warnings };
}

const SITE = /"((?:src|node_modules)\/[^"]*):\d+:\d+[^"]*"/g;

/** The files whose generators are hooked, in a bundle. */
export const hookedFiles = (code: string): string[] =>
  [...new Set([...code.matchAll(SITE)].map(([, file]) => file!))].sort();
