/** What `--json` wrote, read again. */
import { readFileSync } from 'node:fs';
import { printable, quote, readOwn } from '../../../messages.js';
import { keyOf, type Report } from './report.js';

/**
 * @throws Error, code `ERR_ASYNCGEN_OPTION`, for what cannot be read, or no `--json` of this version wrote.
 */
export function readReport(subject: string, file: string): Report {
  const fail = (fact: string, remedy: string): never => {
    const text = `asyncgen-hooks/node: ${subject} ${printable(file)} ${fact}. ${remedy}`;
    throw Object.assign(new Error(text), { code: 'ERR_ASYNCGEN_OPTION' });
  };
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    fail(`cannot be read (${quote(error)})`, `Write it by --json ${printable(file)}.`);
  }
  let given: object | undefined;
  try {
    given = Object(JSON.parse(text)) as object;
  } catch {
    // It is told below.
  }
  const isReport =
    given !== undefined &&
    readOwn(given, 'version') === 1 &&
    ['generators', 'unwatched', 'lost'].every((name) => Array.isArray(readOwn(given, name)));
  if (!isReport) fail('is no report', 'Name a file that --json has written.');
  return given as Report;
}

/** The functions that left generators when the baseline was written. */
export const knownLeaks = ({ generators }: Report): ReadonlySet<string> =>
  new Set(generators.filter(({ abandoned, open }) => abandoned + open > 0).map(keyOf));
