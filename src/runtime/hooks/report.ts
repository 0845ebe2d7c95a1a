import type { GeneratorFunctionRecord } from '../registry.js';
import type { AsyncGenSite } from '../types.js';
import { printable, quote, warn } from '../../messages.js';

/** What the program is told of a generator function. */
export function siteOf(record: GeneratorFunctionRecord): AsyncGenSite {
  const { location } = record;
  const name = nameOf(record);
  const [, file, line, column] = /^(.*):(\d+):(\d+)$/s.exec(location ?? '') ?? [];
  return file === undefined ? { name } : { name, file, line: Number(line), column: Number(column) };
}

/** The program may have put a getter there. */
function nameOf(record: GeneratorFunctionRecord): string {
  try {
    return record.name;
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
export function reportHookError(
  hook: string,
  record: GeneratorFunctionRecord,
  error: unknown,
): void {
  warn(
    `asyncgen-hooks/runtime: ${hook} hook of ${formatAsyncGenSite(siteOf(record))}, it failed with ` +
      `${quote(error)} and the program went on. Handle the error inside the hook.`,
    'ERR_ASYNCGEN_HOOK',
    error,
  );
}
