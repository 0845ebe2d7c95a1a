import { ASYNC_STAR, type Compiled } from '../compiler/index.js';
import type { Project, Warning } from './project.js';

/**
 * Scripts by their extension. The scripts of components (`App.vue?vue&type=script&lang.ts`) are
 * not asked for by all frameworks in all modes, and are no longer at the lines of their file.
 */
const SCRIPT = /^[^?#]*\.[cm]?[jt]sx?(?:[?#]|$)/;
/** Texts and addresses of files, which Vite hands on as modules of their own. */
const ASSET = /[?&](?:raw|url)\b/;
/** Ids of modules that no file stands behind. */
const VIRTUAL = /\0/;

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
