import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { warn } from '../../messages.js';
import { resolveOptions, type Options } from './options.js';
import { NAME } from './plugin.js';
import { isShim, reachesShim, SHIM_FILE } from '../shim.js';
import { Project } from './project.js';

/** As much of Bun's types as is needed: https://bun.com/docs/bundler/plugins */
interface BunBuild {
  /** Absent where it is no build, but what Bun loads to run it. */
  readonly config?: { readonly root?: string };
  onLoad(filter: { filter: RegExp }, load: (args: { path: string }) => Loaded): void;
  onResolve(
    filter: { filter: RegExp },
    resolve: (args: { importer: string }) => { path: string } | undefined,
  ): void;
}

type Loaded = { readonly contents: string; readonly loader: string } | undefined;

interface BunPlugin {
  readonly name: string;
  setup(build: BunBuild): void;
}

interface BunHost {
  readonly Bun?: { plugin(plugin: BunPlugin): void };
}

const SCRIPT = /\.[cm]?[jt]sx?$/;

/**
 * The plugin for Bun: `Bun.build({ plugins: [asyncGenHooks()] })`. To import this file compiles what Bun loads
 * from then on, by the default options: `bun --preload asyncgen-hooks/bun`; with options of your own, have a file that is
 * preloaded call `Bun.plugin(asyncGenHooks(options))`.
 */
const asyncGenHooks = (options?: Options): BunPlugin => {
  const resolved = resolveOptions(options);
  return {
    name: NAME,
    setup(build) {
      const project = new Project(resolved, build.config?.root);
      if (build.config === undefined) return compileLoaded(build, project);
      build.onLoad({ filter: SCRIPT }, ({ path }) => load(path, project));
      build.onResolve({ filter: isShim }, ({ importer }) =>
        importer === '' || reachesShim(importer) ? undefined : { path: SHIM_FILE },
      );
    },
  };
};
export default asyncGenHooks;

/** Read at once: what a promise brings, Bun does not `require`. */
function load(path: string, project: Project): Loaded {
  if (!project.includes(path)) return undefined;
  const code = readFileSync(path, 'utf8');
  const compiled = project.compile({ code, id: path, unmarked: 'module' }, (warning) =>
    warn(warning.message, warning.code),
  );
  return compiled && { contents: compiled.code, loader: loaderOf(path) };
}

const loaderOf = (path: string): string => extname(path).replace(/^\.[cm]?/, '');

/** The one of the newest options. */
let running: Project | undefined;
const filters = new Set<string>();

/**
 * What is loaded to run is the plugin's from its filter on: it may not leave a file to Bun, and what it answers is
 * an ES module, whatever stands in it. So it takes files only that are none but ES modules by their names.
 */
function compileLoaded(build: BunBuild, project: Project): void {
  running = project;
  const own = `^(?!.*[\\\\/]node_modules[\\\\/]).*${moduleNames(project.root)}`;
  const all = `^(?!.*[\\\\/]node_modules[\\\\/]asyncgen-hooks[\\\\/]).*\\.m[jt]s$`;
  for (const filter of project.options.skipsDependencies ? [own] : [own, all]) {
    if (filters.has(filter)) continue;
    filters.add(filter);
    build.onLoad({ filter: new RegExp(filter) }, ({ path }) => {
      const unchanged = (): Loaded => ({
        contents: readFileSync(path, 'utf8'),
        loader: loaderOf(path),
      });
      return load(path, running!) ?? unchanged();
    });
  }
}

function moduleNames(root: string): string {
  let isModule = false;
  try {
    const text = readFileSync(join(root, 'package.json'), 'utf8');
    isModule = (JSON.parse(text) as { type?: unknown }).type === 'module';
  } catch {
    // Without one, a script is CommonJS unless its name says otherwise.
  }
  return isModule ? '\\.(?:m?[jt]s|[jt]sx)$' : '\\.(?:mjs|m?ts|[jt]sx)$';
}

(globalThis as BunHost).Bun?.plugin(asyncGenHooks());
