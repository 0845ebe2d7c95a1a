import module from 'node:module';
import type { CompileFile } from './compile.js';
import type { SourceType } from './package-type.js';

type CompileModule = (
  this: unknown,
  code: string,
  file: string,
  format?: string,
  ...rest: unknown[]
) => unknown;

/**
 * `require`, of ES modules too, where Node has no hooks in the thread. Not pirates, whose hook
 * drops the format, which `require` of an ES module needs.
 */
export function hookRequire(compile: CompileFile): void {
  const { prototype } = module as unknown as { prototype: { _compile: CompileModule } };
  const { _compile } = prototype;
  prototype._compile = function (code, file, format, ...rest) {
    const type = format === 'module' || format === 'commonjs' ? (format as SourceType) : undefined;
    const compiled = typeof code === 'string' ? compile(code, file, type) : undefined;
    return _compile.call(this, compiled ?? code, file, format, ...rest);
  };
}
