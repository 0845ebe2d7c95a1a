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

const projects = new Map<string, Project>();

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
    const project = projectFor(this);
    const id = this.resourcePath + (this.resourceQuery ?? '');
    const { type = AUTO } = this._module ?? {};
    const warn = ({ message, code }: Warning): void =>
      this.emitWarning(Object.assign(new Error(message), { code }));
    const { handler } = transformHook(project);
    const compiled = handler.call({ warn }, code, id, { moduleType: type }, unmarked(type));
    if (compiled === undefined) return this.callback(null, code, before);
    const map = { ...compiled.map, sources: [this.resourcePath] };
    this.callback(null, compiled.code, before ? composeMaps(map, before) : map);
  } catch (error) {
    this.callback(error as Error);
  }
}

function projectFor(context: LoaderContext): Project {
  const { rootContext } = context;
  const options = resolveOptions(context.getOptions());
  const key = `${rootContext}|${options.key}`;
  let project = projects.get(key);
  if (project === undefined) projects.set(key, (project = new Project(options, rootContext)));
  return project;
}
