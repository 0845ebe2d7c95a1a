import { readFileSync } from 'node:fs';
import module from 'node:module';
import type { CompileFile } from '../compile.js';
import { hookCompile, type CompileModule } from '../transpiled.js';

interface Loader {
  readonly prototype: { _compile: CompileModule };
  readonly _extensions: Record<string, (module: Loader['prototype'], file: string) => void>;
}

/**
 * `require`, of ES modules too, where Node has no hooks in the thread. Not pirates, whose hook
 * drops the format, which `require` of an ES module needs.
 */
export function hookRequire(compile: CompileFile): void {
  const { prototype, _extensions } = module as unknown as Loader;
  const { _compile } = prototype;
  prototype._compile = hookCompile(compile, () => _compile);
  // Node 22.12 to 22.14 pass these by.
  if ('.mjs' in _extensions) {
    _extensions['.mjs'] = (loading, file) =>
      void loading._compile(readFileSync(file, 'utf8'), file, 'module');
  }
}
