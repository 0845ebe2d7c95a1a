/** Node before `module.registerHooks`. */
import type { CompileFile } from '../compile.js';
import { hookReadFile } from './node-20-read-file.js';
import { hookModuleLoader, surroundLoaders, type ThreadData } from './off-thread.js';
import { hookRequire } from './require.js';
import { hookRequiredModules } from './required-modules.js';

/**
 * @param onLost called for a file that runs as it is.
 * @returns where it takes time, what finds the loaders that were there before.
 */
export function hookOlderNode(
  compile: CompileFile,
  data: ThreadData,
  onLost: (file: string) => void,
): (() => Promise<void>) | undefined {
  hookRequire(compile);
  hookRequiredModules(compile, onLost);
  let isOffThread = false;
  const goOffThread = (): void => {
    if (isOffThread) return;
    isOffThread = true;
    process.setSourceMapsEnabled(true);
    hookModuleLoader(data);
  };
  surroundLoaders(goOffThread, data);
  if (process.versions.node.startsWith('20.')) return hookReadFile(compile, goOffThread);
  goOffThread();
  return undefined;
}
