/**
 * esbuild, SWC and the Oxc of Rolldown before 1.3 lower async generators wrongly, with or without
 * us: when a loop is left early, what follows an `await` in a `finally` block never runs.
 */
export const loweringWarning = (tool: string): string =>
  `asyncgen-hooks/bundlers: ${tool} lowers async generators for the build target, and when a ` +
  '`for await` loop is left early, nothing after an `await` in their `finally` blocks runs. ' +
  'Set a target of ES2018 or newer.';

/** Whether a target, or one in a list, is an edition of the language without async generators. */
export const isBeforeAsyncGenerators = (target: unknown): boolean =>
  [target]
    .flat()
    .some((name) => typeof name === 'string' && /^es(?:3|5|6|7|201[5-7])$/i.test(name));

const ESBUILD_LOADER = /(?:^|[\\/])esbuild-loader(?:$|[\\/])/;
const SWC_LOADER = /^builtin:swc-loader$|(?:^|[\\/])swc-loader(?:$|[\\/])/;

/** Whether what a version of Rolldown lowers with does it wrongly. */
export function isOxcWrong(rolldownVersion: string): boolean {
  const [major = 0, minor = 0] = rolldownVersion.split('.').map((part) => parseInt(part, 10));
  return major === 1 && minor < 3;
}

interface Rule {
  readonly loader?: unknown;
  readonly options?: unknown;
  readonly use?: unknown;
  readonly rules?: unknown;
  readonly oneOf?: unknown;
}

interface LoaderOptions {
  readonly target?: unknown;
  readonly jsc?: { readonly target?: unknown };
  readonly env?: unknown;
}

/** The loaders among webpack's rules that lower async generators with SWC or esbuild. */
export function loweringLoaders(rules: unknown): string[] {
  if (Array.isArray(rules)) return rules.flatMap(loweringLoaders);
  if (typeof rules !== 'object' || rules === null) return [];
  const { loader, options, use, rules: nested, oneOf } = rules as Rule;
  const inside = [use, nested, oneOf].flatMap(loweringLoaders);
  return lowers(loader, (options ?? {}) as LoaderOptions) ? [loader as string, ...inside] : inside;
}

function lowers(loader: unknown, { target, jsc, env }: LoaderOptions): boolean {
  if (typeof loader !== 'string') return false;
  if (ESBUILD_LOADER.test(loader)) return isBeforeAsyncGenerators(target);
  if (!SWC_LOADER.test(loader)) return false;
  // SWC's own default is ES5; `env` names browsers.
  return isBeforeAsyncGenerators(jsc?.target ?? (env === undefined ? 'es5' : undefined));
}
