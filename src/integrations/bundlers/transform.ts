import { ASYNC_STAR, type Compiled } from '../compiler/index.js';
import { ASSET, SCRIPT, VIRTUAL } from './ids.js';
import type { Project, Warning } from './project.js';

/** A bundler that takes hook filters calls us for files with the text of an async generator only. */
export const transformFilter = ({ options }: Project) => ({
  id: { include: SCRIPT, exclude: [VIRTUAL, ASSET, ...options.never] },
  code: ASYNC_STAR,
});

/** The hook of Rollup, Rolldown and Vite. */
export const transformHook = (project: Project) => ({
  filter: transformFilter(project),
  handler(this: { warn(warning: Warning): void }, code: string, id: string): Compiled | undefined {
    if (!project.includes(id)) return undefined;
    return project.compile({ code, id, unmarked: 'module' }, (warning) => this.warn(warning));
  },
});
