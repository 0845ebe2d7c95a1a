import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Loader, OnLoadResult, PartialMessage, PluginBuild } from 'esbuild';
import { withInlineMap } from '../compiler/maps.js';
import { hasWords } from '../compiler/words.js';
import { loweringWarning } from './lowering.js';
import { isShim, reachesShim, SHIM_FILE } from '../shim.js';
import type { Project, Warning } from './project.js';

const SCRIPT = /\.[cm]?[jt]sx?$/;

/**
 * What esbuild calls. For other namespaces, and for files that stay as they are, it must not
 * answer: no other plugin gets them then.
 */
export function setupEsbuild(build: PluginBuild, project: Project): void {
  build.onStart(async () => ({ warnings: await targetWarnings(build) }));
  build.onResolve({ filter: isShim }, ({ importer, kind }) => {
    // What is external cannot be required in the output, if that is an ES module.
    const isLost = kind === 'require-call' && build.initialOptions.format === 'esm';
    const isReached = importer === '' || (!isLost && reachesShim(importer));
    return isReached ? undefined : { path: SHIM_FILE };
  });
  build.onLoad({ filter: SCRIPT, namespace: 'file' }, (args) => {
    // esbuild before 0.19.7, and Bun, tell of none.
    const isPlain = Object.keys((args.with as object | undefined) ?? {}).length === 0;
    if (!isPlain || !project.includes(args.path)) return undefined;
    if (!SCRIPTS.includes(loaderOf(args.path, build.initialOptions.loader))) return undefined;
    const bytes = readBytes(args.path);
    if (bytes === undefined || !hasWords(bytes)) return undefined;
    const code = bytes.toString();
    const warnings: PartialMessage[] = [];
    const compiled = project.compile({ code, id: args.path, unmarked: 'module' }, (warning) => {
      warnings.push(message(warning, code));
    });
    const result: OnLoadResult = { warnings };
    if (compiled === undefined) return result;
    return {
      ...result,
      contents: withInlineMap(compiled.code, compiled.map),
      loader: 'default',
    };
  });
}

/** At once: a promise for each of the files of a project takes longer than reading them. */
function readBytes(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

const SCRIPTS: readonly Loader[] = ['js', 'jsx', 'ts', 'tsx', 'default'];

/** What the `loader` option says of a file: `.worker.js` goes before `.js`. */
function loaderOf(path: string, loaders: Record<string, Loader> = {}): Loader {
  const name = basename(path);
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const loader = loaders[name.slice(dot)];
    if (loader !== undefined) return loader;
  }
  return 'default';
}

function message({ message: text, loc }: Warning, code: string): PartialMessage {
  if (loc === undefined) return { text };
  return { text, location: { ...loc, lineText: code.split('\n')[loc.line - 1] ?? '' } };
}

/** esbuild itself tells what it lowers for these options: a target may name browsers. */
async function targetWarnings({ esbuild, initialOptions }: PluginBuild): Promise<PartialMessage[]> {
  const { target, supported } = initialOptions;
  if (target === undefined && supported === undefined) return [];
  const { code } = await esbuild.transform('async function* _() {}', {
    ...(target !== undefined && { target }),
    ...(supported !== undefined && { supported }),
    logLevel: 'silent',
  });
  return code.includes('async function*') ? [] : [{ text: loweringWarning('esbuild') }];
}
