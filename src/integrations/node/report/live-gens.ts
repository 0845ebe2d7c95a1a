import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { plural, printableLines, printableStack, show } from '../../../messages.js';
import { checkNames, optionError } from '../../../options.js';
import type { LiveAsyncGen } from '../../../lifecycle/index.js';
import { formatAsyncGenSite } from '../../../runtime/index.js';

/** How `formatLiveAsyncGens` shows a list. */
export interface FormatOptions {
  /**
   * The folder that the files of the sites are relative to: Babel's `cwd`.
   * @default process.cwd()
   */
  cwd?: string;
  /**
   * Whether the source around each site is shown where the file can be read.
   * @default true
   */
  codeFrames?: boolean;
}

const SUBJECT = 'node: formatLiveAsyncGens():';

/**
 * A report for people of `tracker.live()`, of what `shutdown` left, or of one abandoned generator.
 * For machines there is `JSON.stringify` of the same list.
 *
 * @throws TypeError, code `ERR_ASYNCGEN_OPTION`, for what is no list, or an unknown or wrong option.
 */
export function formatLiveAsyncGens(
  list: readonly LiveAsyncGen[],
  options: FormatOptions = {},
): string {
  if (!Array.isArray(list))
    throw optionError(
      SUBJECT,
      `the list is ${show(list)}. Pass an array, such as tracker.live() gives.`,
    );
  const { cwd, codeFrames } = resolveOptions(options);
  if (list.length === 0) return 'No async generator is live.\n';
  const entries = list.map((live) => {
    const { site, state, items, waiting, begunAt, stack } = live;
    const begun = new Date(begunAt).toISOString();
    const verb = state === 'created' ? 'called' : 'begun';
    const wait = waiting > 0 ? `, waiting for ${waiting} ms` : '';
    const lines = [
      `${formatAsyncGenSite(site)}`,
      `  ${state}${wait}, ${plural(items, 'item')}, ${verb} ${begun}`,
    ];
    if (codeFrames) lines.push(...codeFrame(cwd, site.file, site.line, site.column ?? 0));
    if (stack !== undefined) lines.push('  first iterated:', printableStack(stack));
    return lines.join('\n');
  });
  return `${plural(list.length, 'live async generator')}:\n\n${entries.join('\n\n')}\n`;
}

function resolveOptions(given: FormatOptions): Required<FormatOptions> {
  const names = ['cwd', 'codeFrames'];
  const { cwd = process.cwd(), codeFrames = true } = checkNames<FormatOptions>(
    SUBJECT,
    given,
    names,
  );
  if (typeof cwd !== 'string')
    throw optionError(SUBJECT, `option "cwd" is ${show(cwd)}. Pass the path of a folder.`);
  if (typeof codeFrames !== 'boolean')
    throw optionError(SUBJECT, `option "codeFrames" is ${show(codeFrames)}. Pass true or false.`);
  return { cwd, codeFrames };
}

/** The lines around a place; none where the file cannot be read. */
export function codeFrame(
  cwd: string,
  file: string | undefined,
  line: number | undefined,
  column?: number,
): string[] {
  if (file === undefined || line === undefined) return [];
  try {
    // Bundled, and not run before it is needed: most reports show no source.
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- so that it is not
    const { codeFrameColumns } = require('@babel/code-frame') as typeof import('@babel/code-frame');
    const source = readFileSync(resolve(cwd, file), 'utf8');
    const start = { line, ...(column !== undefined && { column: column + 1 }) };
    return printableLines(
      codeFrameColumns(source, { start }, { linesAbove: 1, linesBelow: 2 }),
    ).split('\n');
  } catch {
    return [];
  }
}
