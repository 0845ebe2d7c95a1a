import { ASYNC_STAR, LOWERED_NAMES, type Compiled } from '../compiler/index.js';
import { ASSET, resolveOptions, SCRIPT, VIRTUAL, type Options } from './options.js';
import { Project, type Warning } from './project.js';

export const NAME = 'asyncgen-hooks';

/**
 * The plugin of Rollup, Rolldown and Vite, but for what each has of its own.
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for options that are wrong.
 */
export function makePlugin<Own extends object>(
  options: Options | undefined,
  own: (project: Project) => Own,
) {
  const project = new Project(resolveOptions(options));
  // Before what other plugins make of a file.
  return {
    name: NAME,
    enforce: 'pre' as const,
    transform: transformHook(project),
    ...own(project),
  };
}

/** A bundler that takes hook filters calls us for files with the text of an async generator only. */
const transformFilter = ({ options }: Project) => ({
  id: { include: SCRIPT, exclude: [VIRTUAL, ASSET, ...options.never] },
  code: { include: [ASYNC_STAR, ...LOWERED_NAMES] },
});

/** Types of modules in Rolldown, webpack and Rspack; others are assets, and texts. */
const isScript = (type: string): boolean => /^(?:[jt]sx?|javascript\/.*)$/.test(type);

/** The hook of Rollup, Rolldown and Vite. */
export const transformHook = (project: Project) => ({
  filter: transformFilter(project),
  handler(
    this: { warn(warning: Warning): void },
    code: string,
    id: string,
    /** Rolldown only. */
    { moduleType = 'js' }: { moduleType?: string } = {},
    unmarked: 'module' | 'commonjs' = 'module',
  ): Compiled | undefined {
    if (!isScript(moduleType) || !project.includes(id)) return undefined;
    return project.compile({ code, id, unmarked }, (warning) => this.warn(warning));
  },
});
