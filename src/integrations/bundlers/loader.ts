import { composeMaps } from '../compiler/engines.js';
import { resolveOptions, type Options } from './options.js';
import { Project, type Warning } from './project.js';
import { transformHook } from './plugin.js';
import { AUTO, unmarked } from './webpack-hooks.js';

/** What the loader uses of its context; Turbopack has no more than that. */
interface LoaderContext {
  readonly resourcePath: string;
  readonly resourceQuery?: string;
  readonly rootContext: string;
  /** webpack and Rspack only. */
  readonly _module?: { readonly type?: string };
  getOptions(): Options;
  emitWarning(warning: Error): void;
  callback(error: Error | null, code?: string, map?: object | string): void;
}

type Transform = ReturnType<typeof transformHook>['handler'];

interface Compiler {
  readonly root: string;
  readonly transform: Transform;
}

/** By what the options say. */
const compilers = new Map<string, Compiler>();
/** By the very object, which webpack hands over for each of its files. */
const known = new WeakMap<object, Compiler>();

/**
 * A loader for webpack, Rspack and Turbopack, to stand where it runs before all others: by
 * `enforce: 'pre'`, or last in a list. Its options may be plain JSON.
 */
export default function asyncGenHooksLoader(
  this: LoaderContext,
  code: string,
  before?: object | string,
): void {
  try {
    const { transform } = compilerFor(this);
    const id = this.resourcePath + (this.resourceQuery ?? '');
    const { type = AUTO } = this._module ?? {};
    const warn = ({ message, code }: Warning): void =>
      this.emitWarning(Object.assign(new Error(message), { code }));
    const compiled = transform.call({ warn }, code, id, { moduleType: type }, unmarked(type));
    if (compiled === undefined) return this.callback(null, code, before);
    const map = { ...compiled.map, sources: [this.resourcePath] };
    this.callback(null, compiled.code, before ? composeMaps(map, before) : map);
  } catch (error) {
    this.callback(error as Error);
  }
}

function compilerFor(context: LoaderContext): Compiler {
  const given = context.getOptions();
  const { rootContext: root } = context;
  let compiler = known.get(given);
  if (compiler?.root === root) return compiler;
  const options = resolveOptions(given);
  const key = `${root}|${options.key}`;
  compiler = compilers.get(key);
  if (compiler === undefined) {
    const { handler } = transformHook(new Project(options, root));
    compilers.set(key, (compiler = { root, transform: handler }));
  }
  known.set(given, compiler);
  return compiler;
}
