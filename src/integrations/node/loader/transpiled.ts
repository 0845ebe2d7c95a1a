import module from 'node:module';
import type { CompileFile } from './compile.js';
import { FORMATS } from './package-type.js';

export type CompileModule = (
  this: unknown,
  code: string,
  file: string,
  format?: string,
  ...rest: unknown[]
) => unknown;

type Handler = (module: object, file: string) => void;

interface Loader {
  readonly prototype: { _compile: CompileModule };
  readonly _extensions: Record<string, Handler | undefined>;
}

const loader = module as unknown as Loader;

/**
 * Transpilers that hook `require` (ts-node, @swc-node/register, sucrase, @babel/register, tsx/cjs) put a handler of their
 * own into `Module._extensions`. It reads the file by itself, or takes the text that a `load` hook gave
 * and writes CommonJS, where an import of ours cannot stand. So such a file is left to them, and
 * compiled when they hand what they made to `Module#_compile`.
 *
 * An accessor, so that all other modules run by Node's own `_compile`, with no frame of ours in their
 * stacks. They read it from the module (`module._compile`) after its `filename` is set.
 */
export function hookTranspiled(compile: CompileFile): void {
  const { prototype } = loader;
  let native = prototype._compile;
  const hooked = hookCompile(compile, () => native);
  define(prototype, {
    get(this: { filename?: unknown }) {
      const { filename } = this;
      return typeof filename === 'string' && isTranspiled(filename) ? hooked : native;
    },
    set(this: object, value: CompileModule) {
      if (this === prototype) native = value;
      else define(this, { value, writable: true });
    },
  });
}

/** What stands on `Object.prototype` is no part of it. */
const define = (on: object, property: PropertyDescriptor): void =>
  void Object.defineProperty(on, '_compile', {
    __proto__: null,
    ...property,
    configurable: true,
    enumerable: true,
  } as PropertyDescriptor);

/** @param file its path or its URL. */
export function isTranspiled(file: string): boolean {
  const handler = handlerOf(file);
  if (handler === undefined) return false;
  let isForeign = foreign.get(handler);
  if (isForeign === undefined)
    foreign.set(handler, (isForeign = !NATIVE.test(Function.prototype.toString.call(handler))));
  return isForeign;
}

const foreign = new WeakMap<Handler, boolean>();

/** Whatever was loaded first, Node's own handlers are known by their text: they call what no other code can reach. */
const NATIVE = /\bloadSource\(module, filename, /;

/** As Node looks for it: the longest extension that somebody knows, else that of `.js`. */
function handlerOf(file: string): Handler | undefined {
  const { _extensions } = loader;
  const start = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1;
  for (let at = start; (at = file.indexOf('.', at + 1)) > 0;) {
    const handler = _extensions[file.slice(at)];
    if (handler !== undefined) return handler;
  }
  return _extensions['.js'];
}

/**
 * Where no format is given, Node tells by the text, whatever package.json or the extension says: a
 * transpiler has made CommonJS of it.
 */
export const hookCompile = (compile: CompileFile, native: () => CompileModule): CompileModule =>
  function (code, file, format, ...rest) {
    const type = FORMATS.get(format ?? '') ?? 'unambiguous';
    const compiled = typeof code === 'string' ? compile(code, file, type) : undefined;
    return native().call(this, compiled ?? code, file, format, ...rest);
  };
