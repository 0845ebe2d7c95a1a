import { resolveOptions, type Options } from './options.js';
import { Project } from './project.js';
import { transformHook } from './transform.js';

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
