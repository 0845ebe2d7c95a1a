import module, { createRequire } from 'node:module';
import process from 'node:process';
import threads from 'node:worker_threads';
import { warn } from '../../../messages.js';
import { whyNotLoaded } from './other-runtime.js';
import { createFilter } from '../../files/filter.js';
import { createCompileFile, type Watcher } from './compile.js';
import { loadOptions, type ResolvedOptions } from './config.js';
import { restoreCoverageAtEnd } from './coverage.js';
import { tellModulesInCommonJs } from './deno-modules-in-commonjs.js';
import { hookOlderNode } from './node-20-22.14/index.js';
import { hookModules } from './hooks.js';

const require = createRequire(import.meta.url);
const KEY = Symbol.for('asyncgen-hooks/register/1');

export interface InstallOptions {
  /** The folder that sites and globs are relative to, and where the options are looked for. */
  readonly cwd?: string;
  /** Options that go before those of the file. */
  readonly options?: object;
  /** What `loadOptions` made of them, where somebody has asked before. */
  readonly resolved?: ResolvedOptions;
  readonly watcher?: Watcher | undefined;
}

/**
 * From now on, modules that are loaded in this thread have their async generators compiled. Once
 * for each thread, whoever asks.
 *
 * | Node            | ES modules                                          | `require`              |
 * |-----------------|-----------------------------------------------------|------------------------|
 * | 22.15, 23.5 on  | `module.registerHooks`                              | the same; behind a transpiler that hooks it, `Module#_compile` |
 * | 22.12 to 22.14  | `module.register`                                   | `Module#_compile`      |
 * | 20              | the read of the loader; beside other loaders as 22.12 | `Module#_compile`      |
 *
 * @returns where it takes time, what finds the loaders that were there before.
 */
export function install({
  cwd = process.cwd(),
  options: given,
  resolved,
  watcher,
}: InstallOptions = {}): (() => Promise<void>) | undefined {
  if (KEY in globalThis || isUselessHere) return undefined;
  if (whyNotLoaded !== undefined) {
    warn(`asyncgen-hooks/node: ${whyNotLoaded}.`, 'ERR_ASYNCGEN_RUNTIME');
    return undefined;
  }
  Object.defineProperty(globalThis, KEY, { __proto__: null, value: true } as PropertyDescriptor);
  restoreCoverageAtEnd();
  const options = resolved ?? loadOptions(cwd, given);
  const compile = createCompileFile(options, cwd, enableSourceMaps, watcher);
  if ('registerHooks' in module) {
    if ('deno' in process.versions)
      tellModulesInCommonJs(createFilter(options, cwd, () => require('picomatch')));
    hookModules(compile);
    return undefined;
  }
  const data = { cwd, options: given, isWatched: watcher !== undefined };
  return hookOlderNode(compile, data, (file) => watcher?.tell('unhooked', file));
}

/**
 * What `--require` names runs in the thread of the loaders, too. Hooks of `registerHooks` end that thread there in
 * Node 22.15, without a word; what they would see passes those of the main thread later.
 */
const isUselessHere =
  'registerHooks' in module &&
  Boolean((threads as { isInternalThread?: boolean }).isInternalThread);

interface SourceMapsSupport {
  readonly enabled: boolean;
  readonly nodeModules: boolean;
}

/** Only as far as needed: to read the maps of all that a program loads takes time. */
function enableSourceMaps(file: string): void {
  const { getSourceMapsSupport, setSourceMapsSupport } = module as unknown as {
    getSourceMapsSupport?: () => SourceMapsSupport;
    setSourceMapsSupport?: (enabled: boolean, options: { nodeModules: boolean }) => void;
  };
  if (setSourceMapsSupport === undefined) return process.setSourceMapsEnabled(true);
  const { enabled, nodeModules } = getSourceMapsSupport!();
  const isDependency = file.includes('node_modules');
  if (enabled && (nodeModules || !isDependency)) return;
  setSourceMapsSupport(true, { nodeModules: isDependency });
}
