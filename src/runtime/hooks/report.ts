import type { FunctionInfo } from '../registry.js';
import type { AsyncGenSite } from '../types.js';
import { printable, quote, warn } from '../../messages.js';

/** `file:line:column name`, as compilers write it; either part may be missing. */
const LOCATION = /^(.*?):(\d+):(\d+)(?: (.*))?$/s;

/** Where a generator function stands, from what the compiler has written down. */
export function siteOf(fn: FunctionInfo): AsyncGenSite {
  const { location } = fn;
  if (location === undefined) return { name: nameOf(fn) };
  const [, file, line, column, name = nameOf(fn)] = LOCATION.exec(location) ?? [];
  return file === undefined
    ? { name: location }
    : { name, file, line: Number(line), column: Number(column) };
}

/** The program may have put a getter there. */
function nameOf(fn: FunctionInfo): string {
  try {
    return fn.name;
  } catch {
    return '';
  }
}

/**
 * `name (file:line:column)`, with a 1-based column as editors and stack traces show it; the name
 * alone where the location is not known.
 */
export function formatAsyncGenSite({ name, file, line, column }: AsyncGenSite): string {
  const shown = printable(name) || '(anonymous)';
  return file === undefined ? shown : `${shown} (${printable(file)}:${line}:${column! + 1})`;
}

/**
 * Reports what a hook threw where there is no step that could reject with it: a broken hook must
 * not end the program, nor keep the next hook from its call.
 */
export function reportHookError(hook: string, fn: FunctionInfo, error: unknown): void {
  warn(
    `asyncgen-hooks/runtime: ${hook} hook of ${formatAsyncGenSite(siteOf(fn))} failed with ` +
      `${quote(error)}, and the program went on. Handle the error inside the hook.`,
    'ERR_ASYNCGEN_HOOK',
    error,
  );
}
