import type { GeneratorState } from '../registry.js';
import type { AsyncGenSite } from '../types.js';

interface Host {
  process?: { emitWarning?: (warning: Error) => void };
  reportError?: (error: unknown) => void;
}

/** What the program is told of a generator function. */
export function siteOf({ name, location }: GeneratorState): AsyncGenSite {
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/s.exec(location ?? '') ?? [];
  return file === undefined ? { name } : { name, file, line: Number(line), column: Number(column) };
}

/** `name (file:line:column)`, with a 1-based column as editors and stack traces show it. */
function formatSite({ name, file, line, column }: AsyncGenSite): string {
  const shown = name || '(anonymous)';
  return file === undefined ? shown : `${shown} (${file}:${line}:${column! + 1})`;
}

/**
 * Reports what a hook threw where there is no step that could reject with it. Never throws: a
 * broken hook must not end the program, nor keep the next hook from its call.
 */
export function reportHookError(hook: string, state: GeneratorState, error: unknown): void {
  const warning = Object.assign(
    new Error(
      `asyncgen-hooks/runtime: ${hook} hook of ${formatSite(siteOf(state))}, it failed with ${describeError(error)} ` +
        'and the program went on. Handle the error inside the hook.',
      { cause: error },
    ),
    { code: 'ERR_ASYNCGEN_HOOK', detail: stackOf(error) },
  );
  Object.defineProperty(warning, 'name', { value: 'AsyncGenHooksWarning' });
  const { process, reportError } = globalThis as Host;
  try {
    if (typeof process?.emitWarning === 'function') process.emitWarning(warning);
    else if (typeof reportError === 'function') reportError(warning);
    else console.error(warning);
  } catch {
    // The host's own reporting is broken; there is no further place to tell it.
  }
}

function describeError(error: unknown): string {
  try {
    return `"${error instanceof Error ? error.message : String(error)}"`;
  } catch {
    return 'a value that cannot be printed';
  }
}

function stackOf(error: unknown): string | undefined {
  try {
    return error instanceof Error ? error.stack : undefined;
  } catch {
    return undefined;
  }
}
